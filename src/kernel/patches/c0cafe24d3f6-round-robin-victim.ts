/**
 * c0cafe24d3f6 ("memcg: use round-robin victim selection in refill_stock"), v7.1.
 *
 * A page stock without room drains its slots by turns. That needs no random number, which an NMI must not
 * take (one half of B19, CVE-2026-53162).
 *
 * @module
 */
import { type mem_cgroup, type memcg_stock_pcp, NR_MEMCG_STOCK } from "../memcontrol-types.ts";
import { refill_stock_with } from "./9e619cd4fefd-no-irq-disable-for-memcg-stock.ts";
import { commit } from "./patch.ts";

/** The next slot in turn. Context: the stock's lock. */
function next_slot(stock: memcg_stock_pcp): number {
  const i = stock.drain_idx++;
  if (stock.drain_idx === NR_MEMCG_STOCK) stock.drain_idx = 0;
  return i;
}

export default commit({
  commit: "c0cafe24d3f6",
  subject: "memcg: use round-robin victim selection in refill_stock",
  version: "v7.1",
  needs: ["9e619cd4fefd", "f735eebe55f8"],
}, {
  refill_stock: (memcg: mem_cgroup, nr_pages: number): void =>
    refill_stock_with(memcg, nr_pages, next_slot),
});
