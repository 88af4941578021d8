/**
 * 1461e8c2b6af ("memcg: unify force charging conditions"), v5.18.
 *
 * Whoever may use reserves goes over the limit, whether it can wait or not, and only after everything
 * else was tried.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import {
  __GFP_HIGH,
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
  commit: "1461e8c2b6af",
  subject: "memcg: unify force charging conditions",
  version: "v5.18",
  needs: ["a4ebf1b6ca1e"],
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
      if (gfpflags_allow_blocking(gfp_mask)) {
        if (!drained) {
          drain_all_stock(container_of(counter, mem_cgroup));
          drained = true;
          continue;
        }
        if (!(gfp_mask & __GFP_NORETRY) && nr_retries-- > 0) continue;
      }
      if (gfp_mask & (__GFP_NOFAIL | __GFP_HIGH)) return force_charge(memcg, nr_pages);
      return -ENOMEM;
    }
    if (batch > nr_pages) refill_stock(memcg, batch - nr_pages);
    return 0;
  },
});
