/**
 * 9f01b4954490 ("memcg: drain obj stock on cpu hotplug teardown"), v6.14, as a backport to
 * v5.9.
 *
 * The object stock of a dead CPU is drained as well as its page stock.
 *
 * @module
 */
import { prototype } from "../../machine/calls/prototype.ts";
import { obj_cgroup_put } from "../memcontrol-objcg.ts";
import { drain_stock } from "../memcontrol.ts";
import {
  memcg_stock,
  memcg_stock_lock,
  type memcg_stock_pcp,
  type obj_cgroup,
} from "../memcontrol-types.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import { patch } from "./patch.ts";

/** Since 567511462387 it returns what was cached, to be put without the lock. */
const drain_obj_stock = prototype<(stock: memcg_stock_pcp) => obj_cgroup | null | void>(
  "drain_obj_stock",
  1,
);

export default patch("9f01b4954490", "memcg: drain obj stock on cpu hotplug teardown", {
  memcg_hotplug_cpu_dead(cpu: number): number {
    const stock = memcg_stock[cpu];
    const flags = local_lock_irqsave(memcg_stock_lock);
    const old = drain_obj_stock(stock);
    local_unlock_irqrestore(memcg_stock_lock, flags);
    drain_stock(stock);
    if (old) obj_cgroup_put(old);
    return 0;
  },
});
