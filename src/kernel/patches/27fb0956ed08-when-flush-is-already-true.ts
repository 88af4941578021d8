/**
 * 27fb0956ed08 ("mm, memcg: save some atomic ops when flush is already true"), v5.15.
 *
 * @module
 */
import { test_and_set_bit } from "../../machine/memory/access.ts";
import { isOnline } from "../../machine/context/cpus.ts";
import { config } from "../../machine/words/config.ts";
import { obj_stock_flush_required } from "../memcontrol-objcg.ts";
import { drain_local_stock, mem_cgroup_is_descendant, percpu_charge_mutex } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type mem_cgroup,
  memcg_stock,
  type memcg_stock_pcp,
} from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { get_cpu, mutex_trylock, mutex_unlock, put_cpu } from "../spinlock.ts";
import { schedule_work_on } from "../workqueue.ts";
import { commit } from "./patch.ts";

/** Whether a stock, of any CPU, caches charges of the subtree. The body of drain_all_stock()'s loop. */
export function flush_required(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean {
  let flush = false;
  rcu_read_lock();
  const memcg = stock.cached;
  if (memcg && stock.nr_pages && mem_cgroup_is_descendant(memcg, root_memcg)) flush = true;
  else if (obj_stock_flush_required(stock, root_memcg)) flush = true;
  rcu_read_unlock();
  return flush;
}

export default commit({
  commit: "27fb0956ed08",
  subject: "mm, memcg: save some atomic ops when flush is already true",
  version: "v5.15",
}, {
  drain_all_stock(root_memcg: mem_cgroup): void {
    if (!mutex_trylock(percpu_charge_mutex)) return;
    const curcpu = get_cpu();
    for (let cpu = 0; cpu < config.cpus; cpu++) {
      if (!isOnline(cpu)) continue; // for_each_online_cpu()
      const stock = memcg_stock[cpu];
      if (!flush_required(stock, root_memcg)) continue;
      if (test_and_set_bit(FLUSHING_CACHED_CHARGE, stock.$flags)) continue;
      if (cpu === curcpu) drain_local_stock(stock.work);
      else schedule_work_on(cpu, stock.work);
    }
    put_cpu();
    mutex_unlock(percpu_charge_mutex);
  },
});
