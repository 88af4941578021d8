/**
 * 0790ed623847 ("mm/memcg: disable migration instead of preemption in drain_all_stock()."), v5.18.
 *
 * Whoever drains can be preempted between two CPUs' stocks, and between the look and the request.
 *
 * @module
 */
import { test_and_set_bit } from "../../machine/memory/access.ts";
import { isOnline } from "../../machine/context/cpus.ts";
import { config } from "../../machine/words/config.ts";
import { drain_local_stock, percpu_charge_mutex } from "../memcontrol.ts";
import { FLUSHING_CACHED_CHARGE, type mem_cgroup, memcg_stock } from "../memcontrol-types.ts";
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

export default commit({
  commit: "0790ed623847",
  subject: "mm/memcg: disable migration instead of preemption in drain_all_stock().",
  version: "v5.18",
  needs: ["27fb0956ed08"],
}, {
  drain_all_stock(root_memcg: mem_cgroup): void {
    if (!mutex_trylock(percpu_charge_mutex)) return;
    migrate_disable();
    const curcpu = smp_processor_id();
    for (let cpu = 0; cpu < config.cpus; cpu++) {
      if (!isOnline(cpu)) continue; // for_each_online_cpu()
      const stock = memcg_stock[cpu];
      if (!flush_required(stock, root_memcg)) continue;
      if (test_and_set_bit(FLUSHING_CACHED_CHARGE, stock.$flags)) continue;
      if (cpu === curcpu) drain_local_stock(stock.work);
      else schedule_work_on(cpu, stock.work);
    }
    migrate_enable();
    mutex_unlock(percpu_charge_mutex);
  },
});
