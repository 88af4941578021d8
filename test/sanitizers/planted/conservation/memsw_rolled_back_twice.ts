/** Planted: if memory refuses, pages are uncharged from memsw and go back into its stock, too (B25a). */
import { atomic_add, element } from "../../../../src/machine/memory/access.ts";
import type { gfp_t } from "../../../../src/kernel/errno.ts";
import { type Counters, countersCharged } from "../../../../src/kernel/memcontrol-memsw.ts";
import type { mem_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import type { page_counter } from "../../../../src/kernel/page_counter.ts";
import {
  page_counter_try_charge_stock,
  try_charge_counters,
} from "../../../../src/kernel/patches/page_counter_stock.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";
import { smp_processor_id } from "../../../../src/kernel/spinlock.ts";

const right = countersCharged(page_counter_try_charge_stock);
const TWICE: Counters = {
  ...right,
  try_charge(memcg: mem_cgroup, n: number): page_counter | null {
    const counter = right.try_charge(memcg, n);
    if (counter) atomic_add(n, element(memcg.memsw.stock!.$nr_pages, smp_processor_id()));
    return counter;
  },
};

export default patch("memsw-rolled-back-twice", "memcg: planted: roll memsw back twice", {
  try_charge_memcg: (memcg: mem_cgroup, gfp: gfp_t, n: number): number =>
    try_charge_counters(TWICE, memcg, gfp, n),
});
