/**
 * 869712fd3de5 ("mm: memcontrol: fix network errors from failing __GFP_ATOMIC charges"), v5.4.
 *
 * An allocation that cannot wait goes over the limit; others are to make room. In the model the posted
 * patch and v5.9 are without it, and let such a charge fail: it comes with v5.10.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import { __GFP_HIGH, __GFP_NOFAIL, ENOMEM, type gfp_t, gfpflags_allow_blocking } from "../errno.ts";
import { consume_stock, drain_all_stock, mem_cgroup_is_root, refill_stock } from "../memcontrol.ts";
import * as memcgTypes from "../memcontrol-types.ts";
import { mem_cgroup } from "../memcontrol-types.ts";
import { page_counter_charge, page_counter_try_charge } from "../page_counter.ts";
import { commit } from "./patch.ts";

const { MEMCG_CHARGE_BATCH } = memcgTypes;

export default commit({
  commit: "869712fd3de5",
  subject: "mm: memcontrol: fix network errors from failing __GFP_ATOMIC charges",
  version: "v5.4",
}, {
  try_charge(memcg: mem_cgroup, gfp_mask: gfp_t, nr_pages: number): number {
    if (mem_cgroup_is_root(memcg)) return 0;
    let batch = Math.max(MEMCG_CHARGE_BATCH, nr_pages);
    let drained = false;
    for (;;) {
      if (consume_stock(memcg, nr_pages)) return 0;
      const counter = page_counter_try_charge(memcg.memory, batch);
      if (!counter) break;
      if (batch > nr_pages) {
        batch = nr_pages;
        continue;
      }
      if (gfpflags_allow_blocking(gfp_mask) && !drained) {
        drain_all_stock(container_of(counter, mem_cgroup));
        drained = true;
        continue;
      }
      if (!(gfp_mask & (__GFP_NOFAIL | __GFP_HIGH))) return -ENOMEM;
      page_counter_charge(memcg.memory, nr_pages); // force
      return 0;
    }
    if (batch > nr_pages) refill_stock(memcg, batch - nr_pages);
    return 0;
  },
});
