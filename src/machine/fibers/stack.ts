/**
 * What a CPU keeps in its thread, put aside while another CPU has the thread.
 *
 * @module
 */
import * as clockRegisters from "../layout/clock_registers.ts";
import * as registers from "../layout/registers.ts";
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { pointsSoFar } from "../words/countdown.ts";

const { KCSAN } = views();
const { own } = clockRegisters;
const { DEPTH_MAX, frameFn, regs, SP } = registers;
const { CPUS_MAX } = sizes;

const REGISTERS = regs.length;
const FRAMES = REGISTERS + own.length;
const PASSED = FRAMES + DEPTH_MAX;
const WORDS = PASSED + 1;

/** Registers, clock registers, call stack and points of the execution, for each CPU. */
const kept = new Int32Array(CPUS_MAX * WORDS);

function depth(): number {
  return Math.min(regs[SP], DEPTH_MAX - 1);
}

/** Put aside what the thread has of CPU `cpu`, which it is. */
export function keepCpu(cpu: number): void {
  const at = cpu * WORDS;
  for (let i = 0; i < REGISTERS; i++) kept[at + i] = regs[i];
  if (KCSAN) { for (let i = 0; i < own.length; i++) kept[at + REGISTERS + i] = own[i]; }
  for (let s = depth(); s > 0; s--) kept[at + FRAMES + s] = frameFn[s];
  kept[at + PASSED] = pointsSoFar();
}

/** The thread is CPU `cpu` again, as it was at {@linkcode keepCpu}. */
export function restoreCpu(cpu: number): void {
  const at = cpu * WORDS;
  for (let i = 0; i < REGISTERS; i++) regs[i] = kept[at + i];
  if (KCSAN) { for (let i = 0; i < own.length; i++) own[i] = kept[at + REGISTERS + i]; }
  for (let s = depth(); s > 0; s--) frameFn[s] = kept[at + FRAMES + s];
}

/** Whether CPU `cpu`, which the thread is, has come to where {@linkcode keepCpu} saw it. */
export function isWhereKept(cpu: number): boolean {
  const at = cpu * WORDS;
  if (kept[at + PASSED] !== pointsSoFar()) return false;
  for (let i = 0; i < REGISTERS; i++) if (kept[at + i] !== regs[i]) return false;
  for (let s = depth(); s > 0; s--) if (kept[at + FRAMES + s] !== frameFn[s]) return false;
  return true;
}
