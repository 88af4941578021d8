/**
 * might_sleep: calls that may sleep, made where the kernel must not sleep.
 *
 * Every function that may sleep calls might_sleep(), whether it sleeps or not. With PREEMPT_RT,
 * spinlocks and local locks sleep too. Read-side sections and softirqs may wait for such a lock,
 * and so may interrupt handlers, because they run in threads. With interrupts or preemption really
 * off, nothing may wait for it.
 *
 * @module
 */
import * as contextWords from "../machine/layout/contexts.ts";
import * as cpuWords from "../machine/layout/cpus.ts";
import * as readerWords from "../machine/layout/readers.ts";
import * as registers from "../machine/layout/registers.ts";
import { views } from "../machine/words/arena.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { onSleep } from "../machine/hooks/sleep.ts";
import { CONTEXTS } from "../prog/types.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { ctl, pcpu } = views();
const { BH_OFF, CONTEXT, HARDIRQ, IRQ_OFF, NMI, NO_THREAD, PREEMPT_OFF } = contextWords;
const { PREEMPT, PREEMPT_RT } = cpuWords;
const { RCU_BH_NESTING, RCU_NESTING } = readerWords;
const { regs, BLOCK } = registers;

const SLEEP = oopsKind(
  "might_sleep",
  "might_sleep",
  (o) => `BUG: sleeping function called from invalid context in ${o.fn}`,
);

function report(): never {
  const b = regs[BLOCK];
  const context = pcpu[b + CONTEXT];
  const atomic = (pcpu[b + PREEMPT_OFF] | pcpu[b + BH_OFF] | context) !== 0;
  const why = [
    context !== 0 ? `in a ${CONTEXTS[context]} handler` : "",
    pcpu[b + IRQ_OFF] !== 0 && context < HARDIRQ ? "interrupts are off" : "",
    pcpu[b + PREEMPT_OFF] !== 0 ? `preemption is off, ${pcpu[b + PREEMPT_OFF]} deep` : "",
    pcpu[b + BH_OFF] !== 0 ? "softirqs are off" : "",
    pcpu[b + RCU_NESTING] > 0 ? `in an RCU reader, ${pcpu[b + RCU_NESTING]} deep` : "",
  ].filter((s) => s !== "");
  const facts = `in_atomic: ${+atomic}, irqs_disabled: ${pcpu[b + IRQ_OFF]}, ` +
    `RCU nest depth: ${pcpu[b + RCU_NESTING]}`;
  oops(SLEEP, 0, 0, `${facts}\n${why.join("; ")}`);
}

/** Whether a lock that sleeps with PREEMPT_RT may be waited for here. */
function lockMayWait(b: number): boolean {
  if (pcpu[b + PREEMPT_OFF] !== 0 || pcpu[b + CONTEXT] === NMI) return false;
  // The machine runs a hardirq handler with interrupts off; its thread would have them on.
  const threaded = pcpu[b + CONTEXT] === HARDIRQ && pcpu[b + NO_THREAD] === 0;
  return pcpu[b + IRQ_OFF] === 0 || threaded;
}

function judge(onLock: boolean): void {
  const b = regs[BLOCK];
  if (onLock) {
    if (ctl[PREEMPT] === PREEMPT_RT && !lockMayWait(b)) report();
    return;
  }
  // With PREEMPT_RT a lock disables softirqs. Its holder may sleep, except in rcu_read_lock_bh().
  const soft = pcpu[b + (ctl[PREEMPT] === PREEMPT_RT ? RCU_BH_NESTING : BH_OFF)];
  const atomic = pcpu[b + IRQ_OFF] | pcpu[b + PREEMPT_OFF] | soft;
  if ((atomic | pcpu[b + RCU_NESTING] | pcpu[b + CONTEXT]) !== 0) report();
}

export const mightSleep: Sanitizer = {
  name: "might_sleep",
  doc:
    "Sleeping with interrupts, softirqs or preemption off, in a read-side section or in a handler.",
  free: true,
  attach() {
    onSleep(judge);
  },
};
