/**
 * c5c8b16b596e ("mm: memcontrol: fix root_mem_cgroup charging"), v5.14.
 *
 * Who charges through an objcg charges the root like any other cgroup, as who uncharges does already.
 * So the page stock may cache the root now.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { container_of } from "../../machine/memory/struct.ts";
import { css_put } from "../cgroup.ts";
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
  mem_cgroup_is_root,
  MEM_CGROUP_RECLAIM_RETRIES,
  refill_stock,
  should_force_charge,
} from "../memcontrol.ts";
import { mem_cgroup, MEMCG_CHARGE_BATCH, type obj_cgroup } from "../memcontrol-types.ts";
import { page_counter_try_charge } from "../page_counter.ts";
import { get_mem_cgroup_from_objcg } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

/** try_charge_memcg() Context: any; may sleep if gfp says so. */
export const try_charge_memcg = kernel(
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
      if (should_force_charge()) return force_charge(memcg, nr_pages);
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
);

export default commit({
  commit: "c5c8b16b596e",
  subject: "mm: memcontrol: fix root_mem_cgroup charging",
  version: "v5.14",
  fixes: ["B4"],
  needs: ["e74d225910ec", "f1286fae5406"],
  adds: ["try_charge_memcg"],
}, {
  try_charge: (memcg: mem_cgroup, gfp_mask: gfp_t, nr_pages: number): number =>
    mem_cgroup_is_root(memcg) ? 0 : try_charge_memcg(memcg, gfp_mask, nr_pages),

  obj_cgroup_charge_pages(objcg: obj_cgroup, gfp: gfp_t, nr_pages: number): number {
    const memcg = get_mem_cgroup_from_objcg(objcg);
    const ret = try_charge_memcg(memcg, gfp, nr_pages);
    css_put(memcg.css);
    return ret;
  },
});
