/**
 * What would mend the other half of B19: the slot that makes room in a page stock is the next one in turn
 * instead of a random one, as since c0cafe24d3f6 (v7.1), which needs a field that these kernels lack.
 *
 * @module
 */
import { CPU, regs } from "../../machine/layout/registers.ts";
import { statics } from "../../machine/memory/struct.ts";
import { type Fields, int, type Struct } from "../../machine/memory/struct_type.ts";
import { config } from "../../machine/words/config.ts";
import { type mem_cgroup, NR_MEMCG_STOCK } from "../memcontrol-types.ts";
import { refill_stock_with } from "./9e619cd4fefd-no-irq-disable-for-memcg-stock.ts";
import { patch } from "./patch.ts";

interface drain_idx extends Struct, Fields<{ idx: number }> {}
/** memcg_stock_pcp.drain_idx: protected by the lock of the stock. */
const next = statics<drain_idx>("drain_idx", { idx: int }, config.cpus);

function next_slot(): number {
  const { idx } = next[regs[CPU]];
  next[regs[CPU]].idx = (idx + 1) % NR_MEMCG_STOCK;
  return idx;
}

export default patch("b19-slots-in-turn", "memcg: an NMI takes no random number", {
  refill_stock(memcg: mem_cgroup, nr_pages: number): void {
    refill_stock_with(memcg, nr_pages, next_slot);
  },
});
