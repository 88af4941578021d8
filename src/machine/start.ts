/**
 * Starting a CPU from another one, and waiting for its end: for programs that fork and join.
 *
 * A CPU that some operation of the program starts (see `starts` in a target) is absent until then.
 *
 * @module
 */
import { CPU_ABSENT, CPU_READY, NCPUS, STATE } from "./layout/cpus.ts";
import { CPU, regs } from "./layout/registers.ts";
import { WAIT_JOIN } from "./layout/waits.ts";
import { views } from "./words/arena.ts";
import { block } from "./hooks/mode.ts";
import { orderStart } from "./clocks/clock_order.ts";
import { noteJoining, noteStarted } from "./memory/note_meetings.ts";
import { point } from "./memory/point.ts";
import { prim } from "./layout/primitives.ts";
import { SKIPPED } from "../prog/target.ts";

const { ctl, KCSAN } = views();

const P_START = prim("cpu_start");
const P_JOIN = prim("cpu_join");

/** Let CPU `cpu` begin its operations; does not apply to one that has begun already. */
export function startCpu(cpu: number): number {
  point(P_START, 0);
  if (cpu >= ctl[NCPUS] || Atomics.load(ctl, STATE + cpu) !== CPU_ABSENT) return SKIPPED;
  if (KCSAN) orderStart(cpu);
  Atomics.store(ctl, STATE + cpu, CPU_READY);
  noteStarted(cpu);
  return 0;
}

/** Wait until CPU `cpu` has nothing left to do. */
export function joinCpu(cpu: number): number {
  point(P_JOIN, 0);
  if (cpu >= ctl[NCPUS] || cpu === regs[CPU]) return SKIPPED;
  noteJoining();
  block(WAIT_JOIN, cpu, true);
  return 0;
}
