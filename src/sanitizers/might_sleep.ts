/**
 * might_sleep: sleeping where the kernel must not.
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { oops, oopsKind } from "../machine/oops.ts";
import { CONTEXT, IRQ_OFF, PREEMPT_OFF, RCU_NESTING } from "../machine/percpu.ts";
import * as registers from "../machine/registers.ts";
import { BLOCK } from "../machine/registers.ts";
import { onSleep } from "../machine/sleep.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { pcpu } = arena;
const { regs } = registers;

const SLEEP = oopsKind(
  "might_sleep",
  "might_sleep",
  (o) => `BUG: sleeping function called from invalid context in ${o.fn}`,
);

function judge(): void {
  const b = regs[BLOCK];
  const atomic = pcpu[b + IRQ_OFF] | pcpu[b + PREEMPT_OFF] | pcpu[b + RCU_NESTING];
  if ((atomic | pcpu[b + CONTEXT]) === 0) return;
  oops(
    SLEEP,
    0,
    0,
    `irqs off: ${pcpu[b + IRQ_OFF]}, preempt count: ${pcpu[b + PREEMPT_OFF]}, ` +
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
