/**
 * Planted: every other uncharge is delayed until the next one, so that the sums are right at the
 * end.
 */
import { refill_obj_stock } from "../../../../src/kernel/memcontrol-objcg.ts";
import type { obj_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

let owed = 0;

export default patch("owe_bytes", "uncharges too late", {
  obj_cgroup_uncharge(objcg: obj_cgroup, size: number): void {
    if (owed === 0) {
      owed = size;
      return;
    }
    refill_obj_stock(objcg, size + owed);
    owed = 0;
  },
});
