/**
 * might_sleep: sleeping where the kernel must not.
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { PREEMPT_RT } from "../machine/config.ts";
import { PREEMPT } from "../machine/control.ts";
import { oops, oopsKind } from "../machine/oops.ts";
import { BH_OFF, CONTEXT, IRQ_OFF, PREEMPT_OFF, RCU_NESTING } from "../machine/percpu.ts";
import * as registers from "../machine/registers.ts";
import { BLOCK } from "../machine/registers.ts";
import { onSleep } from "../machine/sleep.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { ctl, pcpu } = arena;
const { regs } = registers;

const SLEEP = oopsKind(
  "might_sleep",
  "might_sleep",
  (o) => `BUG: sleeping function called from invalid context in ${o.fn}`,
);

function judge(): void {
  const b = regs[BLOCK];
  // Bottom halves off are part of the preempt count, except with PREEMPT_RT, where it is a lock.
  const count = pcpu[b + PREEMPT_OFF] + (ctl[PREEMPT] === PREEMPT_RT ? 0 : pcpu[b + BH_OFF]);
  const atomic = pcpu[b + IRQ_OFF] | count | pcpu[b + RCU_NESTING];
  if ((atomic | pcpu[b + CONTEXT]) === 0) return;
  oops(
    SLEEP,
    0,
    0,
    `irqs off: ${pcpu[b + IRQ_OFF]}, preempt count: ${count}, ` +
      `RCU nest depth: ${pcpu[b + RCU_NESTING]}`,
  );
}

export const mightSleep: Sanitizer = {
  name: "might_sleep",
  doc: "Sleeping with interrupts or preemption off, in a read-side section or a handler.",
  free: true,
  attach() {
    onSleep(judge);
  },
};
