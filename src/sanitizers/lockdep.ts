/**
 * lockdep: recursion, cycles in the order of lock classes, deadlocks with interrupts, locks that
 * sleep in atomic context, and locks that are unlocked, freed or initialised wrongly.
 *
 * The rules are those of the kernel's validator (kernel/locking/lockdep.c, v6.12):
 *
 * - Orders distinguish readers and writers, so that recursive read locks count only where they can
 *   deadlock.
 * - A trylock creates no order, but a lock that is taken while the trylock is held does.
 * - The uses of classes in interrupts and with interrupts on are compared along all dependencies.
 *
 * The graph is that of one execution, so that a report replays from its input alone. Within an
 * execution two orders only have to occur; they need not collide.
 *
 * @module
 */
import * as contextWords from "../machine/layout/contexts.ts";
import * as heldWords from "../machine/layout/held.ts";
import * as heldLock from "../machine/layout/held_lock.ts";
import * as lockWord from "../machine/layout/lock_word.ts";
import * as readerWords from "../machine/layout/readers.ts";
import * as registers from "../machine/layout/registers.ts";
import { views } from "../machine/words/arena.ts";
import { WAIT_ANY, WAIT_CONFIG, WAIT_SPIN, waitType } from "../machine/locks/lock_class.ts";
import { heldIndex, observeLocks } from "../machine/locks/lock.ts";
import { observeIrqs } from "../machine/context/irqflags.ts";
import { describeFindings } from "../machine/findings/oops.ts";
import { onAllocation } from "../machine/memory/slab.ts";
import type { Struct } from "../machine/memory/struct_type.ts";
import {
  reportContext,
  reportCycle,
  reportFreed,
  reportInversion,
  reportIrqOrder,
  reportRecursion,
  reportState,
  reportUnlock,
  tellStory,
} from "./lockdep/report.ts";
import { classAt, findPath, findUsage, pathTo, usageBefore } from "./lockdep/search.ts";
import {
  addEdge,
  addUsage,
  edgeAt,
  edgeFrom,
  edgesSeen,
  edgeTo,
  EXCLUSIVE,
  isKnown,
  locked,
  NOT_RECURSIVE,
  packEdge,
  settle,
  usageOf,
  usageOfAll,
} from "./lockdep/state.ts";
import * as usage from "./lockdep/usage.ts";
import { conflictsOf, enabledOf, exclusiveMask, opposite } from "./lockdep/usage.ts";
import type { Sanitizer } from "./sanitizer.ts";
import type { LockOrdersSeen } from "../machine/executor.ts";

const { pcpu, FREE } = views();
const {
  BH_OFF,
  CONTEXT,
  HARDIRQ,
  IN_CONTEXTS,
  IN_HARDIRQ_CONTEXT,
  IN_NMI_CONTEXT,
  IN_SOFTIRQ_CONTEXT,
  IRQ_OFF,
  NO_THREAD,
} = contextWords;
const { HELD, HELD_ADDR, HELD_CLASS } = heldWords;
const { heldClass, heldContext, heldHow } = heldLock;
const { HOW_READ, HOW_RECURSIVE, HOW_TRY } = lockWord;
const { RCU_BH_NESTING, RCU_NESTING, RCU_SCHED_NESTING } = readerWords;
const { regs, BLOCK } = registers;
const { BY_READER, ENABLED, HARDIRQ_STATE, SOFTIRQ_STATE, USED, USED_IN_IRQ_ALL, USED_IN_NMI } =
  usage;

/** The lock that is being judged, for reports. */
let address = 0;

/** The kind of locks that this context allows, without regard to the locks that are held. */
function contextWait(b: number): number {
  const c = pcpu[b + IN_CONTEXTS];
  if ((c & IN_HARDIRQ_CONTEXT) !== 0) return pcpu[b + NO_THREAD] !== 0 ? WAIT_SPIN : WAIT_CONFIG;
  if ((c & IN_SOFTIRQ_CONTEXT) !== 0) return WAIT_CONFIG;
  if (pcpu[b + RCU_SCHED_NESTING] !== 0) return WAIT_SPIN;
  return (pcpu[b + RCU_NESTING] | pcpu[b + RCU_BH_NESTING]) !== 0 ? WAIT_CONFIG : WAIT_ANY;
}

/** Whether neither disabled bottom halves nor a softirq handler keep softirqs out. */
function softirqsOn(b: number): boolean {
  return pcpu[b + BH_OFF] === 0 && (pcpu[b + IN_CONTEXTS] & IN_SOFTIRQ_CONTEXT) === 0;
}

/** The usages of a lock that is taken now, as bits. */
function usagesNow(b: number, how: number): number {
  const read = (how & HOW_READ) !== 0 ? BY_READER : 0;
  let bits = 1 << (USED + read);
  if ((how & HOW_TRY) === 0) {
    const c = pcpu[b + IN_CONTEXTS];
    if ((c & IN_HARDIRQ_CONTEXT) !== 0) bits |= 1 << (HARDIRQ_STATE + read);
    if ((c & IN_SOFTIRQ_CONTEXT) !== 0) bits |= 1 << (SOFTIRQ_STATE + read);
  }
  if (pcpu[b + IRQ_OFF] === 0) {
    bits |= 1 << (HARDIRQ_STATE + ENABLED + read);
    if (softirqsOn(b)) bits |= 1 << (SOFTIRQ_STATE + ENABLED + read);
  }
  return bits;
}

/** An NMI must not wait for a lock that other contexts use. */
function judgeNmi(cls: number, bit: number): void {
  const other = bit >= USED_IN_NMI ? USED : USED_IN_NMI;
  const used = usageOf(cls) >> other;
  const clash = (bit & BY_READER) === 0 ? used & 3 : used & 1;
  if (clash !== 0) reportState(cls, address, bit, other + ((clash & 1) !== 0 ? 0 : BY_READER));
}

/** Report a usage that conflicts with one of the class itself, or of a class before or after it. */
function judgeIrq(cls: number, how: number, bit: number): void {
  const other = opposite(bit);
  const used = usageOf(cls) >> other;
  if ((used & 1) !== 0) reportState(cls, address, bit, other);
  if ((bit & BY_READER) === 0 && (used & 2) !== 0) {
    reportState(cls, address, bit, other + BY_READER);
  }
  const enabled = (bit & ENABLED) !== 0;
  const weak = (how & (enabled ? HOW_READ : HOW_RECURSIVE)) !== 0;
  const at = findUsage(cls, weak, enabled, 3 << other);
  if (at >= 0) reportInversion(cls, address, bit, at);
}

/** The order in which the kernel judges: used in interrupts, with interrupts on, used at all. */
const ORDER = [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 10, 11];

/** A class is used in the ways of `bits`, some of which are new. */
function mark(cls: number, how: number, bits: number): void {
  const missing = bits & ~usageOf(cls);
  if (missing === 0) return;
  if ((conflictsOf(missing) & (usageOfAll() | missing)) === 0) return addUsage(cls, missing);
  for (const bit of ORDER) {
    if (((missing >> bit) & 1) === 0) continue;
    if (bit >= USED) judgeNmi(cls, bit);
    else judgeIrq(cls, how, bit);
    addUsage(cls, 1 << bit);
  }
}

function markUnlessKnown(cls: number, how: number, bits: number): void {
  if ((bits & ~usageOf(cls)) === 0) return;
  if (FREE) locked(mark, cls, how, bits);
  else mark(cls, how, bits);
}

/** Report a new order that connects a lock used in interrupts with one held while they are on. */
function checkIrqOrder(held: number, heldAs: number, cls: number, how: number): void {
  if ((usageOfAll() & USED_IN_IRQ_ALL) === 0) return;
  const heldWeak = (heldAs & HOW_READ) !== 0;
  const before = usageBefore(held, heldWeak) & USED_IN_IRQ_ALL;
  if (before === 0) return;
  const at = findUsage(cls, (how & HOW_RECURSIVE) !== 0, false, exclusiveMask(before));
  if (at < 0) return;
  const unsafe = classAt(at);
  const after = pathTo(at);
  const from = findUsage(held, heldWeak, true, exclusiveMask(enabledOf(usageOf(unsafe))));
  if (from < 0) return;
  reportIrqOrder(held, cls, address, classAt(from), pathTo(from), unsafe, after);
}

/** Add the order `edge`. `hows` says how both locks were taken: the held one in the higher bits. */
function connect(edge: number, hows: number, cls: number): void {
  if (isKnown(edge)) return; // another CPU was faster
  const held = edge & 0x7ff;
  const how = hows & 7;
  const heldAs = hows >> 3;
  const at = findPath(cls, (how & HOW_RECURSIVE) !== 0, held, (heldAs & HOW_READ) === 0);
  if (at >= 0) reportCycle(held, cls, address, at);
  checkIrqOrder(held, heldAs, cls, how);
  addEdge(edge);
}

/** A lock is taken in an NMI; unless by a trylock, no other context may use it. */
function acquireInNmi(cls: number, how: number): void {
  if ((how & HOW_TRY) !== 0) return;
  markUnlessKnown(cls, how, 1 << (USED_IN_NMI + ((how & HOW_READ) !== 0 ? BY_READER : 0)));
}

function acquire(a: number, cls: number, how: number): void {
  const b = regs[BLOCK];
  address = a;
  settle();
  if ((pcpu[b + IN_CONTEXTS] & IN_NMI_CONTEXT) !== 0) return acquireInNmi(cls, how);
  const n = pcpu[b + HELD];
  const context = pcpu[b + CONTEXT];
  let allowed = contextWait(b);
  let twice = -1;
  for (let i = 0; i < n; i++) {
    const held = pcpu[b + HELD_CLASS + i];
    const c = heldClass(held);
    if (heldContext(held) === context) allowed = Math.min(allowed, waitType(c));
    if (c !== cls || twice >= 0) continue;
    if ((how & HOW_RECURSIVE) === 0 || (heldHow(held) & HOW_READ) === 0) twice = i;
  }
  if (waitType(cls) > allowed) reportContext(cls, a, waitType(cls), allowed);
  markUnlessKnown(cls, how, usagesNow(b, how));
  if (twice >= 0) reportRecursion(cls, a, pcpu[b + HELD_ADDR + twice] === a);
  const enters = (how & HOW_RECURSIVE) === 0 ? NOT_RECURSIVE : 0;
  for (let i = 0; i < n; i++) {
    const held = pcpu[b + HELD_CLASS + i];
    if (heldContext(held) !== context) continue;
    const c = heldClass(held);
    if (c === cls) continue; // a reader takes the class again
    const as = heldHow(held);
    const edge = packEdge(c, cls, enters | ((as & HOW_READ) === 0 ? EXCLUSIVE : 0));
    if (isKnown(edge)) continue;
    if (FREE) locked(connect, edge, (as << 3) | how, cls);
    else connect(edge, (as << 3) | how, cls);
  }
}

/** A trylock has succeeded. It does not wait, so no order leads to it. */
function acquired(a: number, cls: number, how: number): void {
  if ((how & HOW_TRY) === 0) return;
  const b = regs[BLOCK];
  address = a;
  settle();
  if ((pcpu[b + IN_CONTEXTS] & IN_NMI_CONTEXT) !== 0) return;
  markUnlessKnown(cls, how, usagesNow(b, how));
}

function release(a: number, cls: number): void {
  const b = regs[BLOCK];
  const n = pcpu[b + HELD];
  if (n > 0 && pcpu[b + HELD_ADDR + n - 1] === a) return;
  if (heldIndex(a) < 0) reportUnlock(cls, a);
}

/** Mark all locks that this CPU holds as held with interrupts of one kind on. */
function markHeld(state: number): void {
  const b = regs[BLOCK];
  const n = pcpu[b + HELD];
  for (let i = 0; i < n; i++) {
    const held = pcpu[b + HELD_CLASS + i];
    const how = heldHow(held);
    address = pcpu[b + HELD_ADDR + i];
    const bit = state + ENABLED + ((how & HOW_READ) !== 0 ? BY_READER : 0);
    markUnlessKnown(heldClass(held), how, 1 << bit);
  }
}

function hardirqsOn(): void {
  const b = regs[BLOCK];
  if (pcpu[b + HELD] === 0 || pcpu[b + CONTEXT] >= HARDIRQ) return;
  settle();
  markHeld(HARDIRQ_STATE);
  if (softirqsOn(b)) markHeld(SOFTIRQ_STATE);
}

function softirqsBack(): void {
  const b = regs[BLOCK];
  if (pcpu[b + HELD] === 0 || pcpu[b + IRQ_OFF] !== 0) return;
  settle();
  markHeld(SOFTIRQ_STATE);
}

/** The memory of `words` words from `a` on is freed or initialised. */
function checkFreed(a: number, words: number, how: string): void {
  const b = regs[BLOCK];
  const n = pcpu[b + HELD];
  for (let i = 0; i < n; i++) {
    const at = pcpu[b + HELD_ADDR + i];
    if (at >= a && at < a + words) reportFreed(heldClass(pcpu[b + HELD_CLASS + i]), at, how);
  }
}

/** For an engine that looks for inputs whose orders form a cycle together. */
const ordersSeen: LockOrdersSeen = {
  count: edgesSeen,
  at: edgeAt,
  from: edgeFrom,
  to: edgeTo,
};

export const lockdep: Sanitizer = {
  name: "lockdep",
  doc:
    "Locks that can deadlock: by their order, with interrupts, or by sleeping in atomic context.",
  free: true,
  attach() {
    describeFindings(tellStory);
    observeLocks({
      acquire,
      acquired,
      release,
      init: (a) => checkFreed(a, 2, "initialised"),
    });
    observeIrqs({ enable: hardirqsOn, enableSoft: softirqsBack });
    onAllocation({
      allocated() {},
      freed: (o: Struct) => checkFreed(o.a, 2 * o.type.cells, "freed"),
    });
  },
  // The machine has set the kept lengths to zero.
  reset: settle,
  orders: () => ordersSeen,
};
