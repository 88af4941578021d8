/** Planted: a css_set is not freed after its last task has left. */
import { outermost } from "../../../../src/machine/memory/objects.ts";
import type { Struct } from "../../../../src/machine/memory/struct_type.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";
import { kfree } from "../../../../src/kernel/slab.ts";

export default patch("lose-css-set", "cgroup: planted: lose a css_set", {
  kfree_rcu_callback(head: Struct): void {
    const o = outermost(head);
    if (o.type.name !== "css_set") kfree(o);
  },
});
