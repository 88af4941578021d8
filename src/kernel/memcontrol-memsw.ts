/**
 * Which counters pages are charged to — mm/memcontrol.c: that of memory, and on a cgroup1 hierarchy, with the
 * patch memsw, that of memory and swap together, which comes first.
 *
 * @module
 */
import { force_charge } from "./memcontrol.ts";
import type { mem_cgroup } from "./memcontrol-types.ts";
import {
  type page_counter,
  page_counter_charge,
  page_counter_try_charge,
  page_counter_uncharge,
} from "./page_counter.ts";
import { has } from "./version.ts";

/** do_memsw_account(): a static branch, not data. */
export const do_memsw_account = has("memsw");

/** The counters that pages are charged to, and what is done if they must be charged all the same. */
export interface Counters {
  /** NULL, or the counter that refused. */
  try_charge(memcg: mem_cgroup, nr_pages: number): page_counter | null;
  force(memcg: mem_cgroup, nr_pages: number): number;
}

type TryCharge = (counter: page_counter, nr_pages: number) => page_counter | null;

/** The middle of try_charge_memcg(): if memory refuses, what memsw was charged is taken back. */
function try_charge_both(
  memcg: mem_cgroup,
  nr_pages: number,
  try_charge: TryCharge,
): page_counter | null {
  const refused = try_charge(memcg.memsw, nr_pages);
  if (refused) return refused;
  const counter = try_charge(memcg.memory, nr_pages);
  if (counter) page_counter_uncharge(memcg.memsw, nr_pages);
  return counter;
}

/** The end of try_charge_memcg(): the limits are exceeded, for the allocation must not fail. */
function force_both(memcg: mem_cgroup, nr_pages: number): number {
  page_counter_charge(memcg.memory, nr_pages);
  page_counter_charge(memcg.memsw, nr_pages);
  return 0;
}

/** The counters of this kernel, each charged by `try_charge`. */
export function countersCharged(try_charge: TryCharge): Counters {
  if (!do_memsw_account) {
    return { try_charge: (memcg, n) => try_charge(memcg.memory, n), force: force_charge };
  }
  return { try_charge: (memcg, n) => try_charge_both(memcg, n, try_charge), force: force_both };
}

/** As all kernels have it whose counters have no stocks of their own. */
export const COUNTERS = countersCharged(page_counter_try_charge);
