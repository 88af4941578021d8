/**
 * What it is called when a CPU gets nowhere: the kernel's watchdogs, told apart by what it holds up.
 *
 * @module
 */
import { RCU_HEAD, RCU_TAIL } from "../layout/callbacks.ts";
import { IRQ_OFF, IRQ_OFF_SINCE } from "../layout/contexts.ts";
import { CPU_BLOCKED, NCPUS, STATE } from "../layout/cpus.ts";
import { PCPU_WORDS } from "../layout/percpu.ts";
import { RCU_NESTING } from "../layout/readers.ts";
import { BLOCK, CPU, regs } from "../layout/registers.ts";
import { WAIT_KIND, WAIT_ON, WAIT_RCU } from "../layout/waits.ts";
import { views } from "../words/arena.ts";
import { config } from "../words/config.ts";
import { waitedFor } from "../context/grace.ts";
import { guilty } from "../calls/guilty.ts";
import { waitsForPreempted } from "../context/preempt.ts";
import {
  ABORTED,
  oops,
  OOPS_HARD_LOCKUP,
  OOPS_LOCKUP,
  OOPS_NO_PROGRESS,
  OOPS_STALL,
} from "../findings/oops.ts";
import { pointsSoFar } from "../words/countdown.ts";
import { SPIN_AFTER, spinningIn, spinText } from "./spin.ts";

const { ctl, pcpu } = views();

/** Whether a grace period waits for a section that CPU `cpu` entered with rcu_read_lock(). */
function stalls(cpu: number): boolean {
  if (pcpu[cpu * PCPU_WORDS + RCU_NESTING] <= 0) return false;
  for (let i = ctl[RCU_HEAD]; i < ctl[RCU_TAIL]; i++) {
    if (((waitedFor(i) >>> cpu) & 1) !== 0) return true;
  }
  return false;
}

/** Whether interrupts have been off on this CPU for as many points. */
function irqsOffFor(points: number): boolean {
  const b = regs[BLOCK];
  return pcpu[b + IRQ_OFF] !== 0 && pointsSoFar() - pcpu[b + IRQ_OFF_SINCE] >= points;
}

/** The step limit is reached. */
export function limitReached(): never {
  const fn = guilty();
  const text = `No end after ${config.stepLimit} schedule points`;
  if (stalls(regs[CPU])) {
    oops(OOPS_STALL, 0, 0, `${text}, in a read-side section that a grace period waits for.`, fn);
  }
  if (irqsOffFor(Math.min(SPIN_AFTER, config.stepLimit >> 1))) {
    oops(OOPS_HARD_LOCKUP, 0, 0, `${text}, with interrupts off.`, fn);
  }
  oops(OOPS_LOCKUP, 0, 0, `${text}.`, fn);
}

/** This CPU goes round in a loop, and nobody can end it. */
export function noProgress(): never {
  if (waitsForPreempted()) throw ABORTED;
  const fn = spinningIn();
  if (stalls(regs[CPU])) oops(OOPS_STALL, 0, 0, spinText(), fn);
  if (irqsOffFor(SPIN_AFTER)) oops(OOPS_HARD_LOCKUP, 0, 0, spinText(), fn);
  oops(OOPS_NO_PROGRESS, 0, 0, spinText(), fn);
}

/** In a deadlock: a blocked reader that another CPU waits for the end of, or -1. */
export function stalledReader(): number {
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (ctl[STATE + c] !== CPU_BLOCKED || ctl[WAIT_KIND + c] !== WAIT_RCU) continue;
    const readers = waitedFor(ctl[WAIT_ON + c]);
    for (let r = 0; r < ctl[NCPUS]; r++) {
      const inside = pcpu[r * PCPU_WORDS + RCU_NESTING] > 0;
      if (((readers >>> r) & 1) !== 0 && inside && ctl[STATE + r] === CPU_BLOCKED) return r;
    }
  }
  return -1;
}
