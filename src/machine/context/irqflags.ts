/**
 * Interrupts off and on, for hardware and soft ones, and who is told.
 *
 * What {@linkcode irqSave} returns says whether interrupts were off, in bit 0, and how deep in
 * sections it was, above: so that flags of another section are recognised. What arrives while they
 * are off is delivered when they are turned on again (interrupt.ts).
 *
 * @module
 */
import * as contextWords from "../layout/contexts.ts";
import * as registers from "../layout/registers.ts";
import { views } from "../words/arena.ts";
import {
  orderIrqsOff,
  orderIrqsOn,
  orderSoftirqsOff,
  orderSoftirqsOn,
} from "../clocks/clock_order.ts";
import { enterReader, leaveReader } from "./grace.ts";
import { deliverPending } from "./interrupt.ts";
import { pointsSoFar } from "../words/countdown.ts";

const { pcpu, KCSAN } = views();
const { BH_OFF, IRQ_DEPTH, IRQ_OFF, IRQ_OFF_SINCE, PENDING, SOFTIRQ_PENDING } = contextWords;
const { regs, BLOCK } = registers;

/** Who looks at the state of interrupts: lockdep, and the oracle for imbalances. */
export interface IrqObserver {
  /** Interrupts, so far off, are about to be turned on. */
  enable?(): void;
  /** Soft interrupts, so far off, are about to be turned on. */
  enableSoft?(): void;
  /** These flags are about to be restored, though interrupts are on or the section is another's. */
  oddRestore?(flags: number): void;
}

type Hook = (flags: number) => void;
const nobody: Hook = () => {};
// One function per occasion, not a list: see lock.ts.
let onEnable = nobody;
let onEnableSoft = nobody;
let onOddRestore = nobody;

function both(first: Hook, second: Hook | undefined): Hook {
  if (second === undefined) return first;
  if (first === nobody) return second;
  return (flags) => {
    first(flags);
    second(flags);
  };
}

/** Add an observer. */
export function observeIrqs(o: IrqObserver): void {
  onEnable = both(onEnable, o.enable);
  onEnableSoft = both(onEnableSoft, o.enableSoft);
  onOddRestore = both(onOddRestore, o.oddRestore);
}

/** Turn interrupts off, if they are on. An irq-off region is an RCU reader. */
export function irqDisable(): void {
  const i = regs[BLOCK] + IRQ_OFF;
  if (pcpu[i] !== 0) return; // only this CPU changes the word
  Atomics.store(pcpu, i, 1);
  pcpu[regs[BLOCK] + IRQ_OFF_SINCE] = pointsSoFar();
  enterReader();
  if (KCSAN) orderIrqsOff();
}

/** Turn interrupts on, whoever turned them off; delivers what is pending. */
export function irqEnable(): void {
  const b = regs[BLOCK];
  if (pcpu[b + IRQ_OFF] === 0) return;
  onEnable(0);
  if (KCSAN) orderIrqsOn();
  Atomics.store(pcpu, b + IRQ_OFF, 0);
  leaveReader();
  if (pcpu[b + PENDING] + pcpu[b + SOFTIRQ_PENDING] !== 0) deliverPending();
}

/** Enter a section with interrupts off; returns what {@linkcode irqRestore} must be given. */
export function irqSave(): number {
  const b = regs[BLOCK];
  const flags = (pcpu[b + IRQ_DEPTH] << 1) | pcpu[b + IRQ_OFF];
  pcpu[b + IRQ_DEPTH]++;
  irqDisable();
  return flags;
}

/** Leave it: interrupts become what they were. */
export function irqRestore(flags: number): void {
  const b = regs[BLOCK];
  if (pcpu[b + IRQ_OFF] === 0 || (flags >> 1) + 1 !== pcpu[b + IRQ_DEPTH]) {
    onOddRestore(flags);
  }
  pcpu[b + IRQ_DEPTH] = flags >> 1;
  if ((flags & 1) !== 0) irqDisable(); // flags of another section: what they say holds all the same
  else irqEnable();
}

/** Enter a section in which no softirq runs on this CPU; it is an RCU reader as well. */
export function bhDisable(): void {
  pcpu[regs[BLOCK] + BH_OFF]++;
  enterReader();
  if (KCSAN) orderSoftirqsOff();
}

/** Leave it; with the outermost one, softirqs that are pending run. */
export function bhEnable(): void {
  const b = regs[BLOCK];
  if (pcpu[b + BH_OFF] === 1) onEnableSoft(0);
  pcpu[b + BH_OFF]--;
  if (KCSAN && pcpu[b + BH_OFF] === 0) orderSoftirqsOn();
  leaveReader();
  if (pcpu[b + BH_OFF] !== 0) return;
  if (pcpu[b + PENDING] + pcpu[b + SOFTIRQ_PENDING] !== 0) deliverPending();
}
