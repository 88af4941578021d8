/**
 * The kmem counter of cgroup v1, for patches that need it: each cgroup may have so many pages of kernel
 * memory.
 */
import { embed, type Fields, type Struct } from "../../../src/machine/memory/struct_type.ts";
import { statics } from "../../../src/machine/memory/struct.ts";
import { ENOMEM, type gfp_t } from "../../../src/kernel/errno.ts";
import { try_charge } from "../../../src/kernel/memcontrol.ts";
import type { mem_cgroup } from "../../../src/kernel/memcontrol-types.ts";
import {
  page_counter,
  page_counter_charge,
  page_counter_init,
  page_counter_try_charge,
  page_counter_uncharge,
} from "../../../src/kernel/page_counter.ts";

const LIMIT = 2;
/** Counters there are; more cgroups than these share them. */
const MOST = 6;

interface kmem extends Struct, Fields<{ counter: page_counter }> {}
const counters = statics<kmem>("memcg_kmem", {
  counter: embed(page_counter),
}, MOST);

function kmem_of(memcg: mem_cgroup): page_counter {
  const { counter } = counters[memcg.index % MOST];
  if (counter.max === 0) {
    page_counter_init(counter, null);
    counter.max = LIMIT;
  }
  return counter;
}

/** __memcg_kmem_charge(), with what is done when the limit is in the way. */
export function charge(
  memcg: mem_cgroup,
  gfp: gfp_t,
  nr_pages: number,
  forced: (gfp: gfp_t) => boolean,
): number {
  const ret = try_charge(memcg, gfp, nr_pages);
  if (ret) return ret;
  const kmem = kmem_of(memcg);
  if (page_counter_try_charge(kmem, nr_pages) === null) return 0;
  if (forced(gfp)) {
    page_counter_charge(kmem, nr_pages);
    return 0;
  }
  page_counter_uncharge(memcg.memory, nr_pages); // cancel_charge()
  return -ENOMEM;
}

/** __memcg_kmem_uncharge() */
export function uncharge(memcg: mem_cgroup, nr_pages: number): void {
  page_counter_uncharge(kmem_of(memcg), nr_pages);
  page_counter_uncharge(memcg.memory, nr_pages);
}
