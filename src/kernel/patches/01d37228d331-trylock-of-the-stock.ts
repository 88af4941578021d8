/**
 * 01d37228d331 ("memcg: Use trylock to access memcg stock_lock."), v6.15, for try_alloc_pages() of BPF
 * programs, which run anywhere, even in an NMI.
 *
 * An allocation that must not wait for locks leaves the stock alone if this CPU is in the middle of
 * it, and takes no batch. What cannot be put into the stock is uncharged at once.
 *
 * consume_stock() as 51339d99c013 (v6.15) has it: who may wait does not try first.
 *
 * @module
 */
import { READ_ONCE, WRITE_ONCE } from "../../machine/memory/access.ts";
import { prototype } from "../../machine/calls/prototype.ts";
import { container_of } from "../../machine/memory/struct.ts";
import {
  __GFP_HIGH,
  __GFP_NOFAIL,
  __GFP_NORETRY,
  ENOMEM,
  type gfp_t,
  gfpflags_allow_blocking,
  gfpflags_allow_spinning,
} from "../errno.ts";
import { COUNTERS } from "../memcontrol-memsw.ts";
import {
  drain_all_stock,
  mem_cgroup_is_root,
  MEM_CGROUP_RECLAIM_RETRIES,
  refill_stock,
} from "../memcontrol.ts";
import { mem_cgroup, MEMCG_CHARGE_BATCH, memcg_stock, this_cpu_ptr } from "../memcontrol-types.ts";
import { page_counter_uncharge } from "../page_counter.ts";
import { local_lock_irqsave, local_trylock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import { stock_lock } from "./567511462387-local-lock.ts";
import { __refill_stock } from "./af9a3b69e84b-opencode-uncharge-pages.ts";
import { commit } from "./patch.ts";

type Consume = (memcg: mem_cgroup, nr_pages: number, gfp_mask: gfp_t) => boolean;
const consume_stock = prototype<Consume>("consume_stock", 3);

/** The body of try_charge_memcg(), with the consume_stock() that the kernel has. */
export function try_charge_any_context(
  consume: Consume,
  memcg: mem_cgroup,
  gfp_mask: gfp_t,
  nr_pages: number,
): number {
  let batch = Math.max(MEMCG_CHARGE_BATCH, nr_pages);
  let nr_retries = MEM_CGROUP_RECLAIM_RETRIES;
  let drained = false;
  const allow_spinning = gfpflags_allow_spinning(gfp_mask);
  for (;;) {
    if (consume(memcg, nr_pages, gfp_mask)) return 0;
    if (!allow_spinning) batch = nr_pages; // no refill, and no draining of what was there
    const counter = COUNTERS.try_charge(memcg, batch);
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
    if (gfp_mask & (__GFP_NOFAIL | __GFP_HIGH)) return COUNTERS.force(memcg, nr_pages);
    return -ENOMEM;
  }
  if (batch > nr_pages) refill_stock(memcg, batch - nr_pages);
  return 0;
}

export default commit({
  commit: "01d37228d331",
  subject: "memcg: Use trylock to access memcg stock_lock.",
  version: "v6.15",
  needs: ["1461e8c2b6af", "1872b3bcd587", "567511462387", "af9a3b69e84b"],
}, {
  consume_stock(memcg: mem_cgroup, nr_pages: number, gfp_mask: gfp_t): boolean {
    let ret = false;
    if (nr_pages > MEMCG_CHARGE_BATCH) return ret;
    const flags = gfpflags_allow_spinning(gfp_mask)
      ? local_lock_irqsave(stock_lock)
      : local_trylock_irqsave(stock_lock);
    if (flags === null) return ret;
    const stock = this_cpu_ptr(memcg_stock);
    const stock_pages = READ_ONCE(stock.$nr_pages);
    if (memcg === READ_ONCE(stock.$cached) && stock_pages >= nr_pages) {
      WRITE_ONCE(stock.$nr_pages, stock_pages - nr_pages);
      ret = true;
    }
    local_unlock_irqrestore(stock_lock, flags);
    return ret;
  },

  refill_stock(memcg: mem_cgroup, nr_pages: number): void {
    const flags = local_trylock_irqsave(stock_lock);
    if (flags === null) { // unlikely
      if (!mem_cgroup_is_root(memcg)) page_counter_uncharge(memcg.memory, nr_pages);
      return;
    }
    __refill_stock(memcg, nr_pages);
    local_unlock_irqrestore(stock_lock, flags);
  },

  try_charge_memcg: (memcg: mem_cgroup, gfp_mask: gfp_t, nr_pages: number): number =>
    try_charge_any_context(consume_stock, memcg, gfp_mask, nr_pages),
});
