/**
 * What would mend B15 where a CPU goes down, since v6.16; no commit of the kernel does. Each of the two
 * stocks has a mark.
 *
 * @module
 */
import { clear_bit } from "../../machine/memory/access.ts";
import { FLUSHING_CACHED_CHARGE, memcg_stock, obj_stock } from "../memcontrol-types.ts";
import noLock from "./0ccf1806d44f-no-lock-for-a-dead-cpu.ts";
import { patch } from "./patch.ts";

export default patch("b15-mark-of-a-dead-cpu", "memcg: nobody drains the stocks of a dead CPU", {
  memcg_hotplug_cpu_dead(cpu: number): number {
    noLock.functions.memcg_hotplug_cpu_dead(cpu);
    clear_bit(FLUSHING_CACHED_CHARGE, memcg_stock[cpu].$flags);
    clear_bit(FLUSHING_CACHED_CHARGE, obj_stock[cpu].$flags);
    return 0;
  },
});
