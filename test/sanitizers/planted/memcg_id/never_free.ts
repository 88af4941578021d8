/** Planted: a number that comes back is not given out again. */
import { rcu_assign_pointer } from "../../../../src/machine/memory/access.ts";
import type { idr } from "../../../../src/kernel/idr.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("never_free", "forgets to set the tag", {
  idr_remove(idr: idr, id: number): void {
    rcu_assign_pointer(idr.slots[id].$entry, null);
  },
});
