/** Planted: one byte less is uncharged than was charged. */
import { refill_obj_stock } from "../../../../src/kernel/memcontrol-objcg.ts";
import type { obj_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("lose-byte", "memcg: planted: lose a byte", {
  obj_cgroup_uncharge(objcg: obj_cgroup, size: number): void {
    refill_obj_stock(objcg, size - 1);
  },
});
