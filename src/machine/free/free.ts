/**
 * Free-running mode: no baton, all CPUs at once, on real Atomics.
 *
 * It keeps the interleavings honest, since nothing here decides them. Interrupts come at random
 * points from a generator of each CPU. What it finds is searched for again in lockstep.
 *
 * @module
 */
import { TASK } from "../layout/contexts.ts";
import { xorshift } from "../layout/hash.ts";
import { CPU_ABSENT, CPU_IDLE, CPU_RUNNING, NCPUS, ONLINE, QUIET, STATE } from "../layout/cpus.ts";
import { ARRIVED, BUSY_CPUS, DEPARTED, KEEP_GOING, ROUNDS } from "../layout/free.ts";
import { GOLDEN } from "../layout/hash.ts";
import { ABORT } from "../layout/oops.ts";
import { NEXT_IRQ, NEXT_OP } from "../layout/operations.ts";
import { PCPU_WORDS } from "../layout/percpu.ts";
import { COUNTDOWN } from "../layout/points.ts";
import { READERS } from "../layout/readers.ts";
import { BLOCK, CPU, regs } from "../layout/registers.ts";
import { HEARTBEAT } from "../layout/status.ts";
import {
  WAIT_JOIN,
  WAIT_LOCK,
  WAIT_RCU,
  WAIT_READ,
  WAIT_READ_NOW,
  WAIT_START,
  WAIT_STOP_MACHINE,
  WAIT_WORD,
  WAIT_WRITE,
  WAIT_ZERO,
} from "../layout/waits.ts";
import { views } from "../words/arena.ts";
import { OP_CONTEXT, OP_CPU, OP_WORDS, P_NOPS, P_OPS } from "../../prog/layout.ts";
import { config } from "../words/config.ts";
import { callbacksDue, stoppable } from "../context/cpus.ts";
import { callbackReady } from "../context/grace.ts";
import { askInterrupt, askSoftirq, runCallbacks } from "../context/interrupt.ts";
import { isFreeFor } from "../layout/lock_word.ts";
import { caught } from "../context/caught.ts";
import { ABORTED, oops, OOPS_LOCKUP } from "../findings/oops.ts";
import type { Mode } from "../hooks/mode.ts";
import { becomeCpu, emptyStack } from "../words/cpu_state.ts";
import { nap, wakeCpu } from "../words/wake.ts";
import { deferredWork, runOperation } from "../context/run_task.ts";
import { settleDeferred, undisturbed } from "../context/settle.ts";

const { ctl, hot, mem, pcpu, prog } = views();

/** State of this CPU's generator, and points passed in this execution. */
const local = new Int32Array(2);
const RANDOM = 0;
const PASSED = 1;

/** A random word, only to place interrupts. */
function random(): number {
  local[RANDOM] = xorshift(local[RANDOM]);
  return local[RANDOM] >>> 0;
}

/** Points between two looks at what else there is to do: at least, and fewer than so many more. */
const LOOK_AFTER = 16;
const LOOK_SPREAD = 128;
/** One look in so many lets an interrupt in, and another one runs callbacks. */
const INTERRUPTED = 8;
// The last two are powers of two. They are not measured: what this mode finds depends on the machine.

function arm(): void {
  const n = LOOK_AFTER + (random() & (LOOK_SPREAD - 1));
  hot[COUNTDOWN] = n;
  local[PASSED] += n;
}

/** Now and then: look whether to stop, and let an interrupt in. */
function decide(): void {
  if (Atomics.load(ctl, ABORT) !== 0) throw ABORTED;
  arm();
  // Rounds repeat the program, so the step limit of one execution applies to each of them.
  if (local[PASSED] > config.stepLimit * Math.max(1, ctl[ROUNDS])) {
    oops(OOPS_LOCKUP, 0, 0, "No end within the step limit.");
  }
  if (ctl[QUIET] !== 0) return;
  const r = random() & (INTERRUPTED - 1);
  if (r === 0) askInterrupt();
  else if (r === 1) askSoftirq();
}

function done(kind: number, on: number): boolean {
  switch (kind) {
    case WAIT_LOCK:
    case WAIT_ZERO:
      return Atomics.load(mem, on) === 0;
    case WAIT_WRITE:
    case WAIT_READ:
    case WAIT_READ_NOW:
      return isFreeFor(kind, Atomics.load(mem, on));
    case WAIT_WORD:
      return Atomics.load(mem, on) !== 0;
    case WAIT_RCU:
      return callbackReady(on);
    case WAIT_JOIN:
      return Atomics.load(pcpu, on * PCPU_WORDS + NEXT_OP) < 0;
    case WAIT_START:
      return Atomics.load(ctl, STATE + on) !== CPU_ABSENT;
    case WAIT_STOP_MACHINE:
      return stoppable(on, regs[CPU]);
    default:
      return true;
  }
}

/** Turns of spinning before sleeping: sections are short, and each CPU may have a core of its own. */
const SPINS = 20_000;
/** Turns of waiting after which everybody else must be stuck as well: about a second. */
const PATIENCE = 1000;

/** Wait for a condition while others really run. */
function block(kind: number, on: number, sleeps: boolean): void {
  for (let turn = 0; !done(kind, on); turn++) {
    if (Atomics.load(ctl, ABORT) !== 0) throw ABORTED;
    if (turn < SPINS) continue;
    if (sleeps && callbacksDue(regs[CPU])) runCallbacks();
    nap();
    if (turn > SPINS + PATIENCE) oops(OOPS_LOCKUP, 0, 0, "A wait did not end.");
  }
}

function isOnline(): boolean {
  return ((Atomics.load(ctl, ONLINE) >> regs[CPU]) & 1) !== 0;
}

/** Whether the program has operations for a CPU. */
function hasOperations(cpu: number): boolean {
  for (let i = 0; i < prog[P_NOPS]; i++) {
    if (prog[P_OPS + i * OP_WORDS + OP_CPU] === cpu) return true;
  }
  return false;
}

/** Whether some CPU with operations has not done its rounds yet. */
function othersBusy(): boolean {
  if (ctl[KEEP_GOING] === 0) return false;
  return Atomics.load(ctl, ARRIVED) < ctl[BUSY_CPUS] && Atomics.load(ctl, ABORT) === 0;
}

/** Every operation of this CPU's task, once. */
function freeRound(me: number, n: number): void {
  for (let i = 0; i < n; i++) {
    const o = P_OPS + i * OP_WORDS;
    if (prog[o + OP_CPU] !== me || prog[o + OP_CONTEXT] !== TASK) continue;
    // Running first, so that whoever takes this CPU down in between sees it.
    Atomics.store(ctl, STATE + me, CPU_RUNNING);
    if (!isOnline()) {
      Atomics.store(ctl, STATE + me, CPU_IDLE);
      continue;
    }
    runOperation(i);
    deferredWork();
    Atomics.store(ctl, STATE + me, CPU_IDLE);
  }
}

/** This CPU's part of one execution: its operations, `ROUNDS` times over. */
function serve(): void {
  const me = regs[CPU];
  const b = regs[BLOCK];
  emptyStack();
  local[RANDOM] = Math.imul(Atomics.load(ctl, HEARTBEAT) + 1, GOLDEN) ^ (me + 1) | 1;
  local[PASSED] = 0;
  arm();
  try {
    const n = prog[P_NOPS];
    if (hasOperations(me)) block(WAIT_START, me, false);
    const rounds = ctl[ROUNDS];
    // Whoever is done first goes on until all are: a race needs two.
    for (let round = 0; round < rounds || othersBusy(); round++) {
      if (round === rounds) Atomics.add(ctl, ARRIVED, 1);
      freeRound(me, n);
      pcpu[b + NEXT_IRQ] = 0;
      if (!hasOperations(me)) break;
    }
  } catch (e) {
    caught(e);
  }
  Atomics.store(ctl, STATE + me, CPU_IDLE);
  Atomics.store(pcpu, b + NEXT_OP, -1);
  pcpu[b + READERS] = 0;
  Atomics.add(ctl, DEPARTED, 1);
  Atomics.notify(ctl, DEPARTED);
}

/** CPU 0 waits for the others. */
function awaitOthers(n: number): void {
  for (let seen = Atomics.load(ctl, DEPARTED); seen < n; seen = Atomics.load(ctl, DEPARTED)) {
    Atomics.wait(ctl, DEPARTED, seen, 100);
  }
}

function reset(): void {
  ctl[ARRIVED] = 0;
  ctl[DEPARTED] = 0;
}

/** CPU 0: all CPUs at once; when they are done, what they have put off. */
function run(): void {
  const n = ctl[NCPUS];
  ctl[BUSY_CPUS] = 0;
  for (let c = 0; c < n; c++) if (hasOperations(c)) ctl[BUSY_CPUS]++;
  for (let c = 1; c < n; c++) wakeCpu(c);
  serve();
  awaitOthers(n);
  becomeCpu(0);
  if (ctl[ABORT] !== 0) return;
  undisturbed(settleDeferred);
}

/** The mode. */
export const free: Mode = { decide, block, reset, run, serve };
