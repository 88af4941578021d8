/**
 * Acting for the task of a CPU.
 *
 * @module
 */
import * as arena from "../words/arena.ts";
import * as C from "../words/control.ts";
import * as registers from "../words/registers.ts";
import { becomeCpu } from "../words/cpu_state.ts";
import { SKIPPED } from "../../prog/target.ts";

const { ctl } = arena;
const { regs, CPU } = registers;
const { QUIET } = C;

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
