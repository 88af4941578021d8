/**
 * Abstract states of objects that can be on lists of their cgroups, as coverage: of kernels with list_lru.
 *
 * A cgroup can only be freed under somebody who looks at one of its objects if nothing else holds it: no
 * task is in it, and no CPU has pages of it in stock.
 *
 * @module
 */
import { config } from "../src/machine/words/config.ts";
import { cellsAt, offsetOf, peekAt } from "../src/machine/memory/peek.ts";
import { feature } from "../src/machine/memory/coverage.ts";
import { addressOf, indexAt, nextLive } from "../src/machine/memory/slab.ts";
import { cpu_curr, css_set, task_struct } from "../src/kernel/sched.ts";
import {
  kmem_object,
  mem_cgroup,
  memcg_stock,
  obj_cgroup,
} from "../src/kernel/memcontrol-types.ts";
import { has } from "../src/kernel/version.ts";

const AT = {
  lru: has("list_lru") ? offsetOf(kmem_object, "lru") : -1,
  objcg: offsetOf(kmem_object, "objcg"),
  memcg: offsetOf(obj_cgroup, "memcg"),
  cached: cellsAt(memcg_stock[0].type, "cached"),
  cgroups: offsetOf(task_struct, "cgroups"),
  subsys: offsetOf(css_set, "subsys"),
};
/** Above the states of stocks. */
const BASE = 1 << 20;

/** How many CPUs have a cgroup in stock, and whether the task of one is in it. */
function held(m: number): number {
  let stocks = 0;
  let task = 0;
  for (let c = 0; c < config.cpus; c++) {
    if (peekAt(memcg_stock[c].a, AT.cached[0]) === m) stocks++;
    const set = peekAt(cpu_curr(c)?.a ?? 0, AT.cgroups);
    const css = set === 0 ? 0 : peekAt(set, AT.subsys);
    if (css !== 0 && indexAt(mem_cgroup, css) === indexAt(mem_cgroup, m)) task = 1;
  }
  return stocks * 2 + task;
}

/** Count the current state of every such object as a feature. */
export function observeItems(): void {
  if (AT.lru < 0) return;
  for (let i = nextLive(kmem_object, 0); i >= 0; i = nextLive(kmem_object, i + 1)) {
    const a = addressOf(kmem_object, i);
    const next = peekAt(a, AT.lru);
    if (next === 0) continue; // not prepared for lists
    const isListed = next === a + 2 * AT.lru ? 0 : 1;
    const objcg = peekAt(a, AT.objcg);
    const m = objcg === 0 ? 0 : peekAt(objcg, AT.memcg);
    const isRoot = m === 0 || indexAt(mem_cgroup, m) === 0;
    feature(BASE + (isRoot ? isListed : 2 + 2 * held(m) + isListed), 0);
  }
}
