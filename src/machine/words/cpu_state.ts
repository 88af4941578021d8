/**
 * What is done with a CPU's registers as a whole; see ts.
 *
 * @module
 */
import { tagOf } from "../layout/meta.ts";
import * as percpu from "../layout/percpu.ts";
import * as registers from "../layout/registers.ts";

const { PCPU_WORDS } = percpu;
const { frameFn, regs, BLOCK, CPU, FLOOR, FRAME_SEEN, PREV, SITE, SP, TAG } = registers;

/** The function of frame `s`. */
export function fnAt(s: number): number {
  return frameFn[s] & ~FRAME_SEEN;
}

/** Become CPU `cpu`; also used to run boot and teardown on behalf of others. */
export function becomeCpu(cpu: number): void {
  regs[CPU] = cpu;
  regs[TAG] = tagOf(cpu);
  regs[BLOCK] = cpu * PCPU_WORDS;
}

/** In a task, nothing is called, nothing was passed: the state in which an operation begins. */
export function emptyStack(): void {
  regs[TAG] = tagOf(regs[CPU]);
  regs[SP] = 0;
  regs[FLOOR] = 0;
  regs[PREV] = 0;
  regs[SITE] = 0;
}

/** The CPU this Worker is. */
export function thisCpu(): number {
  return regs[CPU];
}
