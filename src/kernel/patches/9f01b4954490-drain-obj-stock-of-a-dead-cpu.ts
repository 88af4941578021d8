/**
 * 9f01b4954490 ("memcg: drain obj stock on cpu hotplug teardown"), v6.14.
 *
 * The pages of the dead CPU's object stock go to the page stock of the CPU that drains it, so that CPU
 * takes its own lock.
 *
 * @module
 */
import { obj_cgroup_put } from "../memcontrol-objcg.ts";
import { drain_stock } from "../memcontrol.ts";
import { memcg_stock } from "../memcontrol-types.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import { drain_obj_stock, stock_lock } from "./567511462387-local-lock.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "9f01b4954490",
  subject: "memcg: drain obj stock on cpu hotplug teardown",
  version: "v6.14",
  fixes: ["S10"],
  needs: ["567511462387"],
}, {
  memcg_hotplug_cpu_dead(cpu: number): number {
    const stock = memcg_stock[cpu];
    const flags = local_lock_irqsave(stock_lock);
    const old = drain_obj_stock(stock);
    local_unlock_irqrestore(stock_lock, flags);
    drain_stock(stock);
    if (old) obj_cgroup_put(old);
    return 0;
  },
});
