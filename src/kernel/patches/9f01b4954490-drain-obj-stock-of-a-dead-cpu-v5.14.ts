/**
 * 9f01b4954490 ("memcg: drain obj stock on cpu hotplug teardown"), v6.14, as a backport to v5.14 and
 * v5.17, in which tasks have an object stock of their own.
 *
 * Both object stocks of a dead CPU are drained as well as its page stock. Nobody else uses them.
 *
 * @module
 */
import { prototype } from "../../machine/calls/prototype.ts";
import { obj_cgroup_put } from "../memcontrol-objcg.ts";
import { drain_stock } from "../memcontrol.ts";
import { memcg_stock, type obj_cgroup, type obj_stock } from "../memcontrol-types.ts";
import { patch } from "./patch.ts";

/** Since 567511462387 it returns what was cached, to be put without the lock. */
const drain_obj_stock = prototype<(stock: obj_stock) => obj_cgroup | null | void>(
  "drain_obj_stock",
  1,
);

/** Context: task, on another CPU than the dead one. */
function drain_dead(stock: obj_stock): void {
  const old = drain_obj_stock(stock);
  if (old) obj_cgroup_put(old);
}

export default patch("9f01b4954490", "memcg: drain obj stock on cpu hotplug teardown", {
  memcg_hotplug_cpu_dead(cpu: number): number {
    const stock = memcg_stock[cpu];
    drain_dead(stock.irq_obj);
    drain_dead(stock.task_obj);
    drain_stock(stock);
    return 0;
  },
});
