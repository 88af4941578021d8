/** Planted: a number that is given out stays marked as free. */
import { rcu_assign_pointer } from "../../../../src/machine/memory/access.ts";
import type { Struct } from "../../../../src/machine/memory/struct_type.ts";
import type { idr } from "../../../../src/kernel/idr.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("keep_tag", "forgets to clear the tag", {
  idr_alloc(idr: idr, entry: Struct | null, start: number, _end: number): number {
    const { tags } = idr.node;
    let id = start;
    while (((tags >>> id) & 1) === 0) id++;
    rcu_assign_pointer(idr.slots[id].$entry, entry);
    return id;
  },
});
