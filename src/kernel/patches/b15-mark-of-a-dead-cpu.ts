/**
 * What would mend B15 where a CPU goes down; no commit of the kernel does. drain_all_stock() may mark the
 * stock of a CPU before and after the CPU goes down, and the work then runs on another CPU.
 *
 * Such work leaves the stock of the CPU that it runs on alone, and goes back to its own CPU if that is
 * up again. A CPU that comes up and finds its stock marked drains it: the work may have run elsewhere
 * while it was down. That the stock of a CPU that is down holds nothing needs 9f01b4954490.
 *
 * @module
 */
import { test_bit } from "../../machine/memory/access.ts";
import { container_of } from "../../machine/memory/struct.ts";
import type { Fields, Struct } from "../../machine/memory/struct_type.ts";
import { isOnline } from "../../machine/context/cpus.ts";
import { cpu_up_with } from "../cpu.ts";
import { FLUSHING_CACHED_CHARGE, memcg_stock } from "../memcontrol-types.ts";
import { local_irq_restore, local_irq_save, smp_processor_id } from "../spinlock.ts";
import { schedule_work_on, type work_struct } from "../workqueue.ts";
import { around, patch } from "./patch.ts";

/**
 * Whether the work of the stock of another CPU runs here. If that CPU is up, the work goes back to it.
 * Context: task or kworker.
 */
export function went_astray(stocks: readonly Struct[], work: work_struct | null): boolean {
  if (work === null) return false; // the kernel's functions look at no argument
  const { index: cpu } = container_of<Struct>(work, stocks[0].type);
  const flags = local_irq_save();
  const astray = cpu !== smp_processor_id();
  if (astray && isOnline(cpu)) schedule_work_on(cpu, work);
  local_irq_restore(flags);
  return astray;
}

/** A stock of pages or of objects. */
interface Stock extends Struct, Fields<{ flags: number; work: work_struct }> {}

/** A CPU has come up: a mark that was left at its stock is one that its work will clear. */
export function drain_if_marked(cpu: number, stock: Stock): void {
  if (test_bit(FLUSHING_CACHED_CHARGE, stock.$flags)) schedule_work_on(cpu, stock.work);
}

export default patch("b15-mark-of-a-dead-cpu", "memcg: nobody drains the stock of a dead CPU", {
  drain_local_stock: around((original) => (work: work_struct | null): void => {
    if (!went_astray(memcg_stock, work)) original(work);
  }),

  cpu_up: (cpu: number): number =>
    cpu_up_with(cpu, (cpu) => drain_if_marked(cpu, memcg_stock[cpu])),
});
