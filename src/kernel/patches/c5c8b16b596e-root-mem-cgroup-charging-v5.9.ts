/**
 * c5c8b16b596e ("mm: memcontrol: fix root_mem_cgroup charging"), v5.14, as a backport to v5.9.
 *
 * Who charges an objcg charges the root like any other cgroup, as who uncharges it does already. The
 * page stock can cache the root now.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { container_of } from "../../machine/memory/struct.ts";
import {
  __GFP_ATOMIC,
  __GFP_NOFAIL,
  __GFP_NORETRY,
  ENOMEM,
  type gfp_t,
  gfpflags_allow_blocking,
} from "../errno.ts";
import { consume_stock, drain_all_stock, mem_cgroup_is_root, refill_stock } from "../memcontrol.ts";
import { mem_cgroup, MEMCG_CHARGE_BATCH } from "../memcontrol-types.ts";
import { page_counter_charge, page_counter_try_charge } from "../page_counter.ts";
import { current, PF_EXITING } from "../sched.ts";
import { patch } from "./patch.ts";

const MEM_CGROUP_RECLAIM_RETRIES = 1;

/** The end of try_charge_memcg(): the limit is exceeded, for the allocation must not fail. */
function force_charge(memcg: mem_cgroup, nr_pages: number): number {
  page_counter_charge(memcg.memory, nr_pages);
  return 0;
}

/** try_charge_memcg(): try_charge() without its exception for the root. Context: any. */
const try_charge_memcg = kernel(
  "try_charge_memcg",
  (memcg: mem_cgroup, gfp_mask: gfp_t, nr_pages: number): number => {
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
      if (current().flags & PF_EXITING) return force_charge(memcg, nr_pages);
      if (gfpflags_allow_blocking(gfp_mask)) {
        if (!drained) {
          drain_all_stock(container_of(counter, mem_cgroup));
          drained = true;
          continue;
        }
        if (!(gfp_mask & __GFP_NORETRY) && nr_retries-- > 0) continue;
      }
      return gfp_mask & __GFP_NOFAIL ? force_charge(memcg, nr_pages) : -ENOMEM;
    }
    if (batch > nr_pages) refill_stock(memcg, batch - nr_pages);
    return 0;
  },
);

export default patch("c5c8b16b596e", "mm: memcontrol: fix root_mem_cgroup charging", {
  try_charge: (memcg: mem_cgroup, gfp_mask: gfp_t, nr_pages: number): number =>
    mem_cgroup_is_root(memcg) ? 0 : try_charge_memcg(memcg, gfp_mask, nr_pages),

  __memcg_kmem_charge: (memcg: mem_cgroup, gfp: gfp_t, nr_pages: number): number =>
    try_charge_memcg(memcg, gfp, nr_pages),
});
