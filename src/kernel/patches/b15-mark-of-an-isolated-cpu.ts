/**
 * What would mend B15 where a CPU is isolated, since v6.5; no commit of the kernel does. A stock is
 * marked only if somebody will drain it. As in v6.10, all looks at stocks of other CPUs are marked.
 *
 * @module
 */
import { isOnline } from "../../machine/context/cpus.ts";
import { READ_ONCE, test_and_set_bit } from "../../machine/memory/access.ts";
import { config } from "../../machine/words/config.ts";
import { cpu_is_isolated } from "../isolation.ts";
import { obj_stock_flush_required } from "../memcontrol-objcg.ts";
import { drain_local_stock, mem_cgroup_is_descendant, percpu_charge_mutex } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type mem_cgroup,
  memcg_stock,
  type memcg_stock_pcp,
} from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import {
  migrate_disable,
  migrate_enable,
  mutex_trylock,
  mutex_unlock,
  smp_processor_id,
} from "../spinlock.ts";
import { schedule_work_on } from "../workqueue.ts";
import { patch } from "./patch.ts";

/** Whether a stock, of any CPU, caches charges of the subtree. */
function flush_required(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean {
  let flush = false;
  rcu_read_lock();
  const memcg = READ_ONCE(stock.$cached);
  const holds = memcg !== null && READ_ONCE(stock.$nr_pages) !== 0;
  if (holds && mem_cgroup_is_descendant(memcg, root_memcg)) flush = true;
  else if (obj_stock_flush_required(stock, root_memcg)) flush = true;
  rcu_read_unlock();
  return flush;
}

export default patch("b15-mark-of-an-isolated-cpu", "memcg: mark a stock if it will be drained", {
  drain_all_stock(root_memcg: mem_cgroup): void {
    if (!mutex_trylock(percpu_charge_mutex)) return;
    migrate_disable();
    const curcpu = smp_processor_id();
    for (let cpu = 0; cpu < config.cpus; cpu++) {
      if (!isOnline(cpu)) continue; // for_each_online_cpu()
      const stock = memcg_stock[cpu];
      if (!flush_required(stock, root_memcg)) continue;
      if (cpu !== curcpu && cpu_is_isolated(cpu)) continue;
      if (test_and_set_bit(FLUSHING_CACHED_CHARGE, stock.$flags)) continue;
      if (cpu === curcpu) drain_local_stock(stock.work);
      else schedule_work_on(cpu, stock.work);
    }
    migrate_enable();
    mutex_unlock(percpu_charge_mutex);
  },
});
