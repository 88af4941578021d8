/**
 * What would mend B15 where a CPU goes down; no commit of the kernel does. Work that drains the stock of
 * a dead CPU runs on another CPU and clears the mark of that one, so whoever takes the CPU down clears
 * its mark. Its stock is drained by then: 9f01b4954490 changes the same function, and this needs it.
 *
 * @module
 */
import { clear_bit } from "../../machine/memory/access.ts";
import { FLUSHING_CACHED_CHARGE, memcg_stock } from "../memcontrol-types.ts";
import drainObjStock from "./9f01b4954490-drain-obj-stock-of-a-dead-cpu-v5.9.ts";
import { patch } from "./patch.ts";

export default patch("b15-mark-of-a-dead-cpu", "memcg: nobody drains the stock of a dead CPU", {
  memcg_hotplug_cpu_dead(cpu: number): number {
    drainObjStock.functions.memcg_hotplug_cpu_dead(cpu);
    clear_bit(FLUSHING_CACHED_CHARGE, memcg_stock[cpu].$flags);
    return 0;
  },
});
