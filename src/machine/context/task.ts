/**
 * Acting for the task of a CPU.
 *
 * @module
 */
import { QUIET } from "../layout/cpus.ts";
import { CPU, regs } from "../layout/registers.ts";
import { views } from "../words/arena.ts";
import { becomeCpu } from "../words/cpu_state.ts";
import { SKIPPED } from "../../prog/target.ts";

const { ctl } = views();

/** Whether `cpu` is the CPU this runs on. */
export function isThisTask(cpu: number): boolean {
  return regs[CPU] === cpu;
}

/**
 * Do something that only the task of `cpu` does itself. Before the schedule starts CPU 0 acts for
 * everybody; later an operation on another CPU does not apply.
 */
export function asTask(cpu: number, f: () => number): number {
  const me = regs[CPU];
  if (me === cpu) return f();
  if (ctl[QUIET] === 0) return SKIPPED;
  becomeCpu(cpu);
  const r = f();
  becomeCpu(me);
  return r;
}
