/**
 * a4ebf1b6ca1e ("memcg: prohibit unconditional exceeding the limit of dying tasks"), v5.16.
 *
 * A task that exits goes over the limit no more than others; with no victim for the OOM killer, its
 * charge fails.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import {
  __GFP_ATOMIC,
  __GFP_NOFAIL,
  __GFP_NORETRY,
  ENOMEM,
  type gfp_t,
  gfpflags_allow_blocking,
} from "../errno.ts";
import {
  consume_stock,
  drain_all_stock,
  force_charge,
  MEM_CGROUP_RECLAIM_RETRIES,
  refill_stock,
} from "../memcontrol.ts";
import { mem_cgroup, MEMCG_CHARGE_BATCH } from "../memcontrol-types.ts";
import { page_counter_try_charge } from "../page_counter.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "a4ebf1b6ca1e",
  subject: "memcg: prohibit unconditional exceeding the limit of dying tasks",
  version: "v5.16",
  needs: ["c5c8b16b596e"],
}, {
  try_charge_memcg(memcg: mem_cgroup, gfp_mask: gfp_t, nr_pages: number): number {
    let batch = Math.max(MEMCG_CHARGE_BATCH, nr_pages);
    let nr_retries = MEM_CGROUP_RECLAIM_RETRIES;
    let drained = false;
    for (;;) {
      if (consume_stock(memcg, nr_pages)) return 0;
      const counter = page_counter_try_charge(memcg.memory, batch);
      if (!counter) break;
      if (batch > nr_pages) {
        batch = nr_pages;
        continue;
      }
      if (gfp_mask & __GFP_ATOMIC) return force_charge(memcg, nr_pages);
      if (gfpflags_allow_blocking(gfp_mask)) {
        if (!drained) {
          drain_all_stock(container_of(counter, mem_cgroup));
          drained = true;
          continue;
        }
        if (!(gfp_mask & __GFP_NORETRY) && nr_retries-- > 0) continue;
      }
      if (gfp_mask & __GFP_NOFAIL) return force_charge(memcg, nr_pages);
      return -ENOMEM;
    }
    if (batch > nr_pages) refill_stock(memcg, batch - nr_pages);
    return 0;
  },
});
