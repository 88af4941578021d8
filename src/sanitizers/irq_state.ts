/**
 * irq state: interrupt flags that are restored in the wrong place, and handlers that enable
 * interrupts or return in another state than they were called in.
 *
 * @module
 */
import * as contextWords from "../machine/layout/contexts.ts";
import * as cpuWords from "../machine/layout/cpus.ts";
import * as heldWords from "../machine/layout/held.ts";
import * as heldLock from "../machine/layout/held_lock.ts";
import * as registers from "../machine/layout/registers.ts";
import { views } from "../machine/words/arena.ts";
import { onHandlerEnd } from "../machine/context/interrupt.ts";
import { observeIrqs } from "../machine/context/irqflags.ts";
import { lockClassName } from "../machine/locks/lock_class.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { CONTEXTS } from "../prog/types.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { ctl, pcpu } = views();
const { BH_OFF, CONTEXT, HARDIRQ, IRQ_DEPTH, IRQ_OFF, PREEMPT_OFF } = contextWords;
const { PREEMPT_RT, PREEMPT: PREEMPT_MODEL } = cpuWords;
const { HELD, HELD_CLASS } = heldWords;
const { heldClass } = heldLock;
const { regs, BLOCK } = registers;

const ON = oopsKind(
  "irqs-on",
  "irq state",
  (o) => `WARNING: raw_local_irq_restore() called with IRQs enabled in ${o.fn}`,
);
const FLAGS = oopsKind(
  "irq-flags",
  "irq state",
  (o) => `WARNING: irqs enabled by the flags of another section in ${o.fn}`,
);
const HANDLER = oopsKind(
  "irq-handler",
  "irq state",
  (o) => `WARNING: irq handler enabled interrupts in ${o.fn}`,
);
const LOCK = oopsKind(
  "handler-lock",
  "lockdep",
  (o) => `WARNING: lock held when leaving an interrupt: ${lockClassName(o.arg)}`,
);
const UNLOCKED = oopsKind(
  "handler-unlock",
  "lockdep",
  () => "WARNING: an interrupt released a lock of what it interrupted",
);
const PREEMPT = oopsKind(
  "handler-preempt",
  "irq state",
  () => "WARNING: preemption leak in an interrupt",
);

/** `flags` are restored while interrupts are on, or are not those of the innermost section. */
function oddRestore(flags: number): void {
  const b = regs[BLOCK];
  if (pcpu[b + IRQ_OFF] === 0) oops(ON, 0, 0, "Interrupts are on already: nothing to restore.");
  // Flags that leave interrupts off do no harm yet: balance.ts judges the end of the operation.
  const depth = pcpu[b + IRQ_DEPTH];
  if ((flags & 1) !== 0 || depth <= 1) return;
  oops(FLAGS, 0, 0, `Of ${depth} sections one was left, and interrupts come on in all.`);
}

function enable(): void {
  if (pcpu[regs[BLOCK] + CONTEXT] !== HARDIRQ || ctl[PREEMPT_MODEL] === PREEMPT_RT) return;
  oops(HANDLER, 0, 0, "A handler runs with interrupts off to its end.");
}

function handlerEnd(context: number, held: number, preempt: number): void {
  const b = regs[BLOCK];
  const what = `A ${CONTEXTS[context]} handler`;
  const now = pcpu[b + HELD];
  if (now > held) oops(LOCK, heldClass(pcpu[b + HELD_CLASS + held]), 0, `${what} keeps it.`);
  if (now < held) oops(UNLOCKED, 0, 0, `${what} found ${held} locks held and left ${now}.`);
  const count = pcpu[b + PREEMPT_OFF] + pcpu[b + BH_OFF];
  oops(PREEMPT, 0, 0, `${what} began with preempt count ${preempt}, not ${count}.`);
}

export const irqState: Sanitizer = {
  name: "irq-state",
  doc:
    "Interrupt flags restored in the wrong place, handlers that enable interrupts or keep a lock.",
  free: true,
  attach() {
    observeIrqs({ enable, oddRestore });
    onHandlerEnd(handlerEnd);
  },
};
