/**
 * Contexts: task, softirq, hardirq, NMI.
 *
 * Handlers run nested on the stack of the CPU they interrupt. Whether interrupts are off is a word
 * per CPU that is only changed with Atomics (irqflags.ts); what arrives meanwhile stays pending and
 * is delivered when they are turned on. An NMI does not look at that word.
 *
 * @module
 */
import * as actors from "../layout/actors.ts";
import * as contextWords from "../layout/contexts.ts";
import * as cpuWords from "../layout/cpus.ts";
import * as heldWords from "../layout/held.ts";
import * as operationWords from "../layout/operations.ts";
import * as readerWords from "../layout/readers.ts";
import * as recordWords from "../layout/recording.ts";
import * as records from "../layout/records.ts";
import * as registers from "../layout/registers.ts";
import { views } from "../words/arena.ts";
import { actorOf } from "../layout/actors.ts";
import * as layout from "../../prog/layout.ts";
import { finishTraced, recordPoint } from "../record/trace.ts";
import { enterHandler, leaveHandler } from "../clocks/clock_order.ts";
import {
  anyReady,
  callbackArg,
  callbackFn,
  enterReader,
  firstReady,
  leaveReader,
  takeCallback,
} from "./grace.ts";
import { callById } from "../calls/registry.ts";
import { operationBody } from "./operation.ts";
import { handlerRan } from "../hooks/passages.ts";
import { pointsSoFar } from "../words/countdown.ts";
import { becomeActor, thisActor } from "../memory/note_meetings.ts";
import { headAt } from "../memory/objects.ts";

const { ctl, pcpu, prog, FREE, KCSAN } = views();
const { ACTS_AS_CALLBACK } = actors;
const {
  BH_OFF,
  CONTEXT,
  HARDIRQ,
  IN_CONTEXTS,
  IN_SOFTIRQ,
  IRQ_DEPTH,
  IRQ_OFF,
  IRQ_OFF_SINCE,
  NMI,
  NO_THREAD,
  PENDING,
  PREEMPT_OFF,
  SOFTIRQ,
  SOFTIRQ_PENDING,
  TASK,
} = contextWords;
const { NCPUS, PREEMPT, PREEMPT_RT } = cpuWords;
const { HELD, RT_LOCKS } = heldWords;
const { NEXT_IRQ, OP } = operationWords;
const { CALLBACKS, RCU_NESTING } = readerWords;
const { TRACING } = recordWords;
const { PRIM_INTERRUPT, PRIM_SOFTIRQ } = records;
const { regs, BLOCK, CPU, FLOOR, PREV, SITE, SP } = registers;
const { OP_CONTEXT, OP_CPU, OP_WORDS, P_NOPS, P_OPS } = layout;

/** Context this CPU is in. */
export function context(): number {
  return pcpu[regs[BLOCK] + CONTEXT];
}

/** Next interrupt operation of this CPU, or -1. */
export function nextInterrupt(): number {
  const b = regs[BLOCK];
  const n = prog[P_NOPS];
  let i = pcpu[b + NEXT_IRQ];
  for (; i < n; i++) {
    const o = P_OPS + i * OP_WORDS;
    if (prog[o + OP_CPU] === regs[CPU] && prog[o + OP_CONTEXT] !== TASK) break;
  }
  pcpu[b + NEXT_IRQ] = i;
  return i < n ? i : -1;
}

/** Whether a handler of context `c` may run on this CPU now. */
function deliverable(c: number): boolean {
  const b = regs[BLOCK];
  const now = pcpu[b + CONTEXT];
  if (c === NMI) return now !== NMI;
  // PREEMPT_RT runs handlers in threads: they wait for sleeping locks instead of nesting over them, and come
  // to run where the task can be preempted.
  if (ctl[PREEMPT] === PREEMPT_RT && (pcpu[b + RT_LOCKS] | pcpu[b + PREEMPT_OFF]) > 0) return false;
  if (c === SOFTIRQ && pcpu[b + BH_OFF] !== 0) return false;
  return now < c && pcpu[b + IRQ_OFF] === 0;
}

/** What PREEMPT_RT runs in threads is a task to lockdep. */
function contextBit(c: number, noThread: boolean): number {
  return c !== NMI && !noThread && ctl[PREEMPT] === PREEMPT_RT ? 0 : 1 << c;
}

let leftover: (context: number, held: number, preempt: number) => void = () => {};

/** The oracle that is asked when a handler ends, with the locks and the preempt count before it. */
export function onHandlerEnd(f: (context: number, held: number, preempt: number) => void): void {
  leftover = f;
}

/**
 * Run `body(arg)` as a handler of context `c`, nested over whatever this CPU was doing; `noThread`
 * tells that it is one which PREEMPT_RT does not run in a thread.
 */
export function runHandler(
  c: number,
  body: (arg: number) => void,
  arg: number,
  noThread = false,
): void {
  const b = regs[BLOCK];
  const op = pcpu[b + OP];
  const was = pcpu[b + CONTEXT];
  const thread = KCSAN ? enterHandler(c) : 0;
  const contexts = pcpu[b + IN_CONTEXTS];
  const wasNoThread = pcpu[b + NO_THREAD];
  const held = pcpu[b + HELD];
  const preempt = pcpu[b + PREEMPT_OFF] + pcpu[b + BH_OFF];
  const depth = pcpu[b + IRQ_DEPTH];
  enterReader();
  pcpu[b + CONTEXT] = c;
  pcpu[b + IN_CONTEXTS] = contexts | contextBit(c, noThread);
  pcpu[b + NO_THREAD] = noThread ? 1 : 0;
  pcpu[b + IRQ_DEPTH] = 0;
  const off = c === HARDIRQ ? Atomics.exchange(pcpu, b + IRQ_OFF, 1) : pcpu[b + IRQ_OFF];
  const since = pcpu[b + IRQ_OFF_SINCE];
  if (off === 0) pcpu[b + IRQ_OFF_SINCE] = pointsSoFar();
  const sp = regs[SP];
  const floor = regs[FLOOR];
  const prev = regs[PREV];
  const site = regs[SITE];
  const actor = thisActor();
  regs[FLOOR] = sp;
  regs[PREV] = 0;
  regs[SITE] = 0;
  becomeActor(actorOf(regs[CPU], c));
  body(arg);
  becomeActor(actor);
  handlerRan();
  if (ctl[TRACING] !== 0) finishTraced();
  pcpu[b + IRQ_OFF_SINCE] = since;
  if (pcpu[b + HELD] !== held || pcpu[b + PREEMPT_OFF] + pcpu[b + BH_OFF] !== preempt) {
    leftover(c, held, preempt);
  }
  regs[SP] = sp;
  regs[FLOOR] = floor;
  regs[PREV] = prev;
  regs[SITE] = site;
  if (c === HARDIRQ) {
    if (pcpu[b + IRQ_OFF] === 0) enterReader(); // the handler turned them on, and left that reader
    Atomics.store(pcpu, b + IRQ_OFF, off);
  }
  pcpu[b + IRQ_DEPTH] = depth;
  pcpu[b + NO_THREAD] = wasNoThread;
  pcpu[b + IN_CONTEXTS] = contexts;
  pcpu[b + CONTEXT] = was;
  pcpu[b + OP] = op;
  leaveReader();
  if (KCSAN) leaveHandler(thread);
}

/** Deliver asked-for interrupts as far as this CPU's state allows. */
export function deliverPending(): void {
  const b = regs[BLOCK];
  while (pcpu[b + PENDING] > 0) {
    const i = nextInterrupt();
    if (i < 0) {
      pcpu[b + PENDING] = 0;
      break;
    }
    const c = prog[P_OPS + i * OP_WORDS + OP_CONTEXT];
    if (!deliverable(c)) break;
    pcpu[b + PENDING]--;
    pcpu[b + NEXT_IRQ] = i + 1;
    runHandler(c, operationBody, i);
  }
  if (pcpu[b + SOFTIRQ_PENDING] !== 0) {
    if (deliverable(SOFTIRQ)) runCallbacks();
  }
}

/** The schedule asks for the next interrupt of this CPU, here. */
export function askInterrupt(): void {
  if (nextInterrupt() < 0) return;
  if (ctl[TRACING] !== 0) recordPoint(PRIM_INTERRUPT, 0);
  pcpu[regs[BLOCK] + PENDING]++;
  deliverPending();
}

/**
 * What this CPU would see to while it spins, without being asked: an interrupt of its own, callbacks
 * whose grace period is over. Whether there was any.
 */
export function serveSpinning(): boolean {
  const i = nextInterrupt();
  if (i >= 0 && deliverable(prog[P_OPS + i * OP_WORDS + OP_CONTEXT])) {
    pcpu[regs[BLOCK] + PENDING]++;
    deliverPending();
    return true;
  }
  return runDueCallbacks();
}

/** Run the callbacks whose grace period is over, if a softirq may run here; whether there were any. */
export function runDueCallbacks(): boolean {
  return deliverable(SOFTIRQ) && runCallbacks();
}

/** The schedule asks this CPU to look after callbacks whose grace period is over, here. */
export function askSoftirq(): void {
  const b = regs[BLOCK];
  const rt = ctl[PREEMPT] === PREEMPT_RT;
  if (rt ? !anyReady() : pcpu[b + CALLBACKS] === 0) return;
  if (ctl[TRACING] !== 0) recordPoint(PRIM_SOFTIRQ, 0);
  pcpu[b + SOFTIRQ_PENDING] = 1;
  if (deliverable(SOFTIRQ)) runCallbacks();
}

function nextCallback(): number {
  if (FREE || ctl[PREEMPT] !== PREEMPT_RT) return firstReady(regs[CPU]);
  // Offloaded callbacks (rcu_nocbs), as RT systems run them: any CPU's.
  for (let c = 0; c < ctl[NCPUS]; c++) {
    const i = firstReady(c);
    if (i >= 0) return i;
  }
  return -1;
}

/** Run the callbacks whose grace period is over, in softirq context; true if there were any. */
export function runCallbacks(): boolean {
  const b = regs[BLOCK];
  pcpu[b + SOFTIRQ_PENDING] = 0;
  if (pcpu[b + IN_SOFTIRQ] !== 0) return false;
  let any = false;
  for (let i = nextCallback(); i >= 0; i = nextCallback()) {
    any = true;
    const fn = callbackFn(i);
    const arg = callbackArg(i);
    const was = pcpu[b + CONTEXT];
    const op = pcpu[b + OP];
    const contexts = pcpu[b + IN_CONTEXTS];
    const held = pcpu[b + HELD];
    const preempt = pcpu[b + PREEMPT_OFF] + pcpu[b + BH_OFF];
    const nesting = pcpu[b + RCU_NESTING];
    const sp = regs[SP];
    const floor = regs[FLOOR];
    const thread = KCSAN ? enterHandler(SOFTIRQ) : 0;
    takeCallback(i);
    enterReader();
    pcpu[b + CONTEXT] = SOFTIRQ;
    pcpu[b + IN_CONTEXTS] = contexts | contextBit(SOFTIRQ, false);
    pcpu[b + IN_SOFTIRQ] = 1;
    pcpu[b + OP] = -1;
    const prev = regs[PREV];
    const site = regs[SITE];
    const actor = thisActor();
    regs[FLOOR] = sp;
    regs[PREV] = 0;
    regs[SITE] = 0;
    if (op >= 0) becomeActor(actorOf(regs[CPU], ACTS_AS_CALLBACK));
    callById(fn, headAt(arg));
    handlerRan();
    if (op >= 0) becomeActor(actor);
    if (ctl[TRACING] !== 0) finishTraced();
    if (pcpu[b + HELD] !== held || pcpu[b + PREEMPT_OFF] + pcpu[b + BH_OFF] !== preempt) {
      leftover(SOFTIRQ, held, preempt);
    }
    regs[SP] = sp;
    regs[FLOOR] = floor;
    regs[PREV] = prev;
    regs[SITE] = site;
    pcpu[b + IN_SOFTIRQ] = 0;
    pcpu[b + IN_CONTEXTS] = contexts;
    pcpu[b + CONTEXT] = was;
    pcpu[b + OP] = op;
    pcpu[b + RCU_NESTING] = nesting;
    leaveReader();
    if (KCSAN) leaveHandler(thread);
  }
  return any;
}
