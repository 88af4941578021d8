/**
 * 0ccf1806d44f ("memcg: no stock lock for cpu hot-unplug"), v6.16.
 *
 * Draining the stocks of a dead CPU touches no stock of the CPU that does it.
 *
 * @module
 */
import { drain_obj_stock } from "../memcontrol-objcg.ts";
import { memcg_stock, obj_stock } from "../memcontrol-types.ts";
import { drain_stock_fully } from "./f735eebe55f8-multi-memcg-charge-cache.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "0ccf1806d44f",
  subject: "memcg: no stock lock for cpu hot-unplug",
  version: "v6.16",
  needs: ["65d2d15f41c6", "c80509ef65e4", "f735eebe55f8"],
}, {
  memcg_hotplug_cpu_dead(cpu: number): number {
    drain_obj_stock(obj_stock[cpu]);
    drain_stock_fully(memcg_stock[cpu]);
    return 0;
  },
});
