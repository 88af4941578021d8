/**
 * 6a792697a53a ("memcg: do not drain charge pcp caches on remote isolated cpus"), v6.4.
 *
 * Nobody asks an isolated CPU to drain. Its stock is marked before that is decided, and the mark stays
 * (B15).
 *
 * @module
 */
import { test_and_set_bit } from "../../machine/memory/access.ts";
import { isOnline } from "../../machine/context/cpus.ts";
import { config } from "../../machine/words/config.ts";
import { cpu_is_isolated } from "../isolation.ts";
import { drain_local_stock, percpu_charge_mutex } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type mem_cgroup,
  memcg_stock,
  type memcg_stock_pcp,
} from "../memcontrol-types.ts";
import {
  migrate_disable,
  migrate_enable,
  mutex_trylock,
  mutex_unlock,
  smp_processor_id,
} from "../spinlock.ts";
import { schedule_work_on } from "../workqueue.ts";
import { flush_required } from "./27fb0956ed08-when-flush-is-already-true.ts";
import { commit } from "./patch.ts";

/** The body of drain_all_stock(), with the look at a stock that the kernel has. */
export function drain_all_but_isolated(
  root_memcg: mem_cgroup,
  is_flush_required: (stock: memcg_stock_pcp, root_memcg: mem_cgroup) => boolean,
): void {
  if (!mutex_trylock(percpu_charge_mutex)) return;
  migrate_disable();
  const curcpu = smp_processor_id();
  for (let cpu = 0; cpu < config.cpus; cpu++) {
    if (!isOnline(cpu)) continue; // for_each_online_cpu()
    const stock = memcg_stock[cpu];
    if (!is_flush_required(stock, root_memcg)) continue;
    if (test_and_set_bit(FLUSHING_CACHED_CHARGE, stock.$flags)) continue;
    if (cpu === curcpu) drain_local_stock(stock.work);
    else if (!cpu_is_isolated(cpu)) schedule_work_on(cpu, stock.work);
  }
  migrate_enable();
  mutex_unlock(percpu_charge_mutex);
}

export default commit({
  commit: "6a792697a53a",
  subject: "memcg: do not drain charge pcp caches on remote isolated cpus",
  version: "v6.4",
  brings: ["B15"],
  needs: ["27fb0956ed08", "0790ed623847"],
}, {
  drain_all_stock: (root_memcg: mem_cgroup): void =>
    drain_all_but_isolated(root_memcg, flush_required),
});
