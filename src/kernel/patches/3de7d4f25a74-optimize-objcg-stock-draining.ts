/**
 * 3de7d4f25a74 ("mm: memcg/slab: optimize objcg stock draining"), v5.11.
 *
 * Pages are not taken out of the counters but put into the page stock of the CPU, which gets the css
 * for it. Callers who only had the memcg under RCU now take a reference that may be the first again
 * (B1); and with PREEMPT_RT the stock's lock is taken by whoever has it (B7, B8).
 *
 * @module
 */
import { refill_stock } from "../memcontrol.ts";
import type { mem_cgroup } from "../memcontrol-types.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "3de7d4f25a74",
  subject: "mm: memcg/slab: optimize objcg stock draining",
  version: "v5.11",
  brings: ["B1", "B7", "B8"],
}, {
  __memcg_kmem_uncharge: (memcg: mem_cgroup, nr_pages: number): void =>
    refill_stock(memcg, nr_pages),
});
