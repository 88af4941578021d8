/**
 * What would mend B15 where a CPU goes down, in v5.14 and v5.17; no commit of the kernel does. As for v5.9, whoever
 * takes the CPU down clears the mark of its stock, once that is drained.
 *
 * @module
 */
import { clear_bit } from "../../machine/memory/access.ts";
import { FLUSHING_CACHED_CHARGE, memcg_stock } from "../memcontrol-types.ts";
import drainObjStock from "./9f01b4954490-drain-obj-stock-of-a-dead-cpu-v5.14.ts";
import { patch } from "./patch.ts";

export default patch("b15-mark-of-a-dead-cpu", "memcg: nobody drains the stock of a dead CPU", {
  memcg_hotplug_cpu_dead(cpu: number): number {
    drainObjStock.functions.memcg_hotplug_cpu_dead(cpu);
    clear_bit(FLUSHING_CACHED_CHARGE, memcg_stock[cpu].$flags);
    return 0;
  },
});
