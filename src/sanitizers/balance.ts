/**
 * Balance: an operation must not end with interrupts, softirqs or preemption off, inside a
 * read-side section, or with a lock held.
 *
 * @module
 */
import * as contextWords from "../machine/layout/contexts.ts";
import * as heldWords from "../machine/layout/held.ts";
import * as heldLock from "../machine/layout/held_lock.ts";
import * as readerWords from "../machine/layout/readers.ts";
import * as registers from "../machine/layout/registers.ts";
import { views } from "../machine/words/arena.ts";
import { lockClassName } from "../machine/locks/lock_class.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { onImbalance } from "../machine/context/run_task.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { pcpu } = views();
const { BH_OFF, IRQ_OFF, PREEMPT_OFF } = contextWords;
const { HELD, HELD_CLASS } = heldWords;
const { heldClass } = heldLock;
const { RCU_NESTING } = readerWords;
const { regs, BLOCK } = registers;

const IRQ = oopsKind("irq-imbalance", "irq state", () => "WARNING: irqs left off");
const PREEMPT = oopsKind("preempt-imbalance", "irq state", () => "WARNING: preemption left off");
const SOFTIRQ = oopsKind("softirq-imbalance", "irq state", () => "WARNING: softirqs left off");
const RCU = oopsKind(
  "rcu-imbalance",
  "RCU",
  () => "WARNING: lock held when returning to user space: rcu_read_lock",
);
const LOCK = oopsKind(
  "lock-held",
  "lockdep",
  (o) => `WARNING: lock held when returning to user space: ${lockClassName(o.arg)}`,
);

function judge(): void {
  const b = regs[BLOCK];
  if (pcpu[b + HELD] > 0) oops(LOCK, heldClass(pcpu[b + HELD_CLASS]));
  if (pcpu[b + RCU_NESTING] !== 0) oops(RCU, 0, 0, `nest depth ${pcpu[b + RCU_NESTING]}`);
  if (pcpu[b + PREEMPT_OFF] !== 0) oops(PREEMPT, 0, 0, `preempt count ${pcpu[b + PREEMPT_OFF]}`);
  if (pcpu[b + BH_OFF] !== 0) oops(SOFTIRQ, 0, 0, `nest depth ${pcpu[b + BH_OFF]}`);
  if (pcpu[b + IRQ_OFF] !== 0) oops(IRQ);
}

export const balance: Sanitizer = {
  name: "balance",
  doc: "Operations that end with interrupts or preemption off, in a section or with a lock held.",
  free: true,
  attach() {
    onImbalance(judge);
  },
};
