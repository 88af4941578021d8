/**
 * What would mend B15 where a CPU goes down, since v6.16; no commit of the kernel does. Each of the two
 * stocks has a mark and work of its own.
 *
 * @module
 */
import { cpu_up_with } from "../cpu.ts";
import { memcg_stock, obj_stock } from "../memcontrol-types.ts";
import type { work_struct } from "../workqueue.ts";
import { drain_if_marked, went_astray } from "./b15-mark-of-a-dead-cpu.ts";
import { around, patch } from "./patch.ts";

export default patch("b15-mark-of-a-dead-cpu", "memcg: nobody drains the stocks of a dead CPU", {
  drain_local_memcg_stock: around((original) => (work: work_struct | null): void => {
    if (!went_astray(memcg_stock, work)) original(work);
  }),

  drain_local_obj_stock: around((original) => (work: work_struct | null): void => {
    if (!went_astray(obj_stock, work)) original(work);
  }),

  cpu_up: (cpu: number): number =>
    cpu_up_with(cpu, (cpu) => {
      drain_if_marked(cpu, memcg_stock[cpu]);
      drain_if_marked(cpu, obj_stock[cpu]);
    }),
});
