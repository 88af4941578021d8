/**
 * Running one input, on CPU 0.
 *
 * `execute()` is what the engine sees of the machine: the packed program and schedule are in the
 * arena, it runs them on all CPUs and returns when the last one is done. What happened is in the
 * control words, the finding in the oops record.
 *
 * @module
 */
import * as arena from "./words/arena.ts";
import * as clockWords from "./words/clock_words.ts";
import { startClocks } from "./clocks/clock.ts";
import { config } from "./words/config.ts";
import * as C from "./words/control.ts";
import { clearKept, restoreKept, takeKept } from "./words/ghost_words.ts";
import { type OopsRecord, readOops } from "./findings/oops.ts";
import { startedBy, startsCpus } from "./context/operation.ts";
import * as percpu from "./words/percpu.ts";
import { FOREVER, reload, settle } from "./words/countdown.ts";
import { runMode } from "./hooks/mode.ts";
import { deferredWork, runOperation } from "./context/run_task.ts";
import { firstOnline, onBehalfOf, undisturbed } from "./context/settle.ts";
import {
  forgetWriters,
  restoreImage,
  restorePrepared,
  takeImage,
  takePrepared,
} from "./memory/slab.ts";
import { closeTrace, traceHash } from "./record/trace.ts";
import { SKIPPED } from "../prog/target.ts";
import { BOOT, LIMITS } from "../prog/types.ts";
import * as layout from "../prog/layout.ts";

const { NRACES } = clockWords;

const { clocks, ctl, hot, pcpu, prog, sched, slots, KCSAN, PCPU_WORDS, RETURNS } = arena;
const {
  ABORT,
  ARRIVED,
  BUSY_CPUS,
  COUNTDOWN,
  CURSOR,
  DEPARTED,
  EVERY_STEP,
  HASH_HI,
  HASH_LO,
  HEARTBEAT,
  LOWEST,
  MACHINE_LOCK,
  MODE,
  MODE_NUMERIC,
  NCPUS,
  NMEETINGS,
  NOVEL,
  NTURNS,
  OCCURRENCES,
  ONLINE,
  OOPS_KIND,
  POINTS,
  POISON,
  PREEMPT,
  PRIORITY,
  QUIET,
  RCU_HEAD,
  RCU_TAIL,
  RUN_ABSENT,
  RUN_IDLE,
  RUN_READY,
  SCHEDULED,
  SCHEDULE_START,
  STATE,
  STOPPED,
  SWITCHES,
  TRACED,
  TRACING,
  UNREACHED,
  UNREACHED_FIRST,
} = C;
const { OP_CPU, OP_WORDS, P_CPUS, P_NOPS, P_OPS, P_PREEMPT, P_SLOTS, S_ORDER } = layout;
const { LAST_TRACED, NEXT_OP, OP, WORK_COUNT } = percpu;

/** What a target adds to every execution. */
export interface Lifecycle {
  /** Fill the slots of what exists before the first operation. */
  predefine(): void;
  /** Count states as coverage. */
  observe(): void;
  /** Checks when no CPU has anything left to do. */
  quiesce(): void;
  /** Whether taking everything down might leave something over: asked in the loop. */
  suspicious(): boolean;
  /** Take everything down, and check what is left. */
  finish(): void;
  /** Report what did not end the execution. */
  verdict(): void;
}

let lifecycle: Lifecycle = {
  predefine() {},
  observe() {},
  quiesce() {},
  suspicious: () => true,
  finish() {},
  verdict() {},
};

/** Set the target's part. */
export function setLifecycle(l: Lifecycle): void {
  lifecycle = l;
}

/** What one execution came to. */
export interface Outcome {
  readonly oops: OopsRecord | null;
  readonly points: number;
  readonly switches: number;
  /** Features that no execution had shown before. */
  readonly novel: number;
  /** Symbolic steps whose point was not reached, and the first of them. */
  readonly unreached: number;
  readonly unreachedFirst: number;
  /** Hash of the trace, if one was recorded. */
  readonly traceHash: string;
}

/** Boot the kernel, undisturbed, and make the result the state that executions start from. */
export function boot(init: () => void): void {
  clear();
  ctl[NCPUS] = config.cpus;
  ctl[ONLINE] = config.cpus === 32 ? -1 : (1 << config.cpus) - 1;
  ctl[QUIET] = 1;
  reload(FOREVER);
  hot[COUNTDOWN] = FOREVER;
  init();
  deferredWork();
  if (ctl[OOPS_KIND] !== 0) throw new Error("Cannot boot: the kernel reports a bug already");
  takeImage();
}

function clear(): void {
  // Words one by one: a call of fill() or set() costs more than what it does for so few.
  for (let i = 0; i < POISON; i++) ctl[i] = 0;
  ctl[CURSOR] = 0;
  ctl[OCCURRENCES] = 0;
  ctl[NOVEL] = 0;
  hot[NOVEL] = 0;
  ctl[RCU_HEAD] = 0;
  ctl[RCU_TAIL] = 0;
  ctl[HASH_LO] = 0x811c9dc5 | 0;
  ctl[HASH_HI] = 0;
  ctl[TRACED] = 0;
  ctl[NMEETINGS] = 0;
  ctl[NTURNS] = 0;
  ctl[STOPPED] = 0;
  ctl[UNREACHED] = 0;
  ctl[OOPS_KIND] = 0;
  ctl[ARRIVED] = 0;
  ctl[DEPARTED] = 0;
  ctl[MACHINE_LOCK] = 0;
}

function clearCpus(n: number): void {
  for (let i = 0; i < n * PCPU_WORDS; i++) pcpu[i] = 0;
  for (let c = 0; c < n; c++) {
    const b = c * PCPU_WORDS;
    pcpu[b + OP] = -1;
    pcpu[b + LAST_TRACED] = -1;
    ctl[STATE + c] = RUN_ABSENT;
    ctl[PRIORITY + c] = c;
  }
}

/** CPUs that have operations are ready, except those that another operation starts. */
function readyCpus(n: number): void {
  const nops = prog[P_NOPS];
  // One without operations is idle: it runs the work and the callbacks that others queue for it.
  for (let c = 0; c < n; c++) {
    ctl[STATE + c] = RUN_IDLE;
    pcpu[c * PCPU_WORDS + NEXT_OP] = -1;
  }
  for (let i = 0; i < nops; i++) {
    const c = prog[P_OPS + i * OP_WORDS + OP_CPU];
    if (c < 0 || c >= n) continue;
    ctl[STATE + c] = RUN_READY;
    pcpu[c * PCPU_WORDS + NEXT_OP] = 0;
  }
  ctl[BUSY_CPUS] = 0;
  for (let c = 0; c < n; c++) if (ctl[STATE + c] === RUN_READY) ctl[BUSY_CPUS]++;
  for (let i = 0; startsCpus() && i < nops; i++) {
    const started = startedBy(P_OPS + i * OP_WORDS);
    if (started >= 0 && started < n) ctl[STATE + started] = RUN_ABSENT;
  }
  if (ctl[MODE] !== MODE_NUMERIC) return;
  for (let p = 0; p < n; p++) ctl[PRIORITY + sched[S_ORDER + p]] = p;
  ctl[LOWEST] = n;
}

/** Operations before the schedule starts, on CPU 0, undisturbed. */
function bootOperations(): void {
  const n = prog[P_NOPS];
  for (let i = 0; i < n; i++) {
    if (prog[P_OPS + i * OP_WORDS + OP_CPU] !== BOOT) continue;
    runOperation(i);
    deferredWork();
  }
}

/** Slots as they were when the boot operations of the program were done. */
const preparedSlots = new Int32Array(slots.length);
let isPrepared = false;

/** Put back what names stand for, as far as the program has any. */
function restoreSlots(): void {
  for (let i = 0; i < prog[P_SLOTS]; i++) slots[i] = preparedSlots[i];
  for (let i = RETURNS; i < RETURNS + prog[P_NOPS]; i++) slots[i] = preparedSlots[i];
}

/** Begin an execution: memory, CPUs, boot operations. */
function begin(mode: number, again: boolean): void {
  clear();
  const n = Math.max(1, prog[P_CPUS]);
  clearCpus(n);
  ctl[NCPUS] = n;
  ctl[PREEMPT] = prog[P_PREEMPT];
  ctl[ONLINE] = n === 32 ? -1 : (1 << n) - 1;
  ctl[MODE] = mode;
  ctl[QUIET] = 1;
  reload(FOREVER);
  hot[COUNTDOWN] = ctl[COUNTDOWN];
  if (again && isPrepared) {
    restorePrepared();
    restoreKept();
    restoreSlots();
    return;
  }
  restoreImage();
  slots.fill(0, 0, LIMITS.slots);
  slots.fill(SKIPPED, RETURNS, RETURNS + LIMITS.ops); // what never runs returns nothing
  clearKept();
  undisturbed(() => {
    lifecycle.predefine();
    bootOperations();
    lifecycle.observe();
  });
  forgetWriters();
}

/** Keep the state after the boot operations, for more executions of the same program. */
function prepare(): void {
  isPrepared = ctl[ABORT] === 0 && ctl[RCU_HEAD] === ctl[RCU_TAIL];
  // Work that boot operations queued for other CPUs is not part of what is kept.
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (pcpu[c * PCPU_WORDS + WORK_COUNT] !== 0) isPrepared = false;
  }
  if (!isPrepared) return;
  takePrepared();
  takeKept();
  preparedSlots.set(slots);
}

/** Whether to take everything down, or only if a look at the state says so. */
let thorough = true;

function judge(): void {
  onBehalfOf(firstOnline(), finish);
}

function finish(): void {
  lifecycle.observe();
  lifecycle.quiesce();
  // Before a race becomes the finding, nothing worse may be left to be found.
  const races = KCSAN && clocks[NRACES] > 0;
  if (thorough || races || hot[NOVEL] > 0 || lifecycle.suspicious()) lifecycle.finish();
}

/** How an execution is run. */
export const RUN_ONCE = 0;
/** More executions of this program will follow. */
export const RUN_FIRST = 1;
/** The program is that of the last {@linkcode RUN_FIRST}: its boot operations need not run again. */
export const RUN_AGAIN = 2;

/** Run the program in the arena under the schedule in the arena. */
export function execute(mode: number, trace: boolean, how = RUN_ONCE): void {
  ctl[TRACING] = 0;
  ctl[SCHEDULED] = 0;
  ctl[EVERY_STEP] = config.everyStep ? 1 : 0;
  begin(mode, how === RUN_AGAIN);
  if (how === RUN_FIRST) prepare();
  if (ctl[ABORT] === 0) {
    ctl[TRACING] = trace ? 1 : 0;
    readyCpus(ctl[NCPUS]);
    startClocks();
    settle();
    const before = ctl[POINTS];
    ctl[SCHEDULE_START] = before;
    ctl[QUIET] = 0;
    runMode();
    settle();
    ctl[SCHEDULED] = ctl[POINTS] - before;
    if (trace) closeTrace();
    ctl[TRACING] = 0;
  }
  if (ctl[ABORT] === 0) {
    ctl[QUIET] = 1;
    reload(FOREVER);
    hot[COUNTDOWN] = ctl[COUNTDOWN];
    thorough = how === RUN_ONCE;
    undisturbed(judge);
    if (ctl[ABORT] === 0) lifecycle.verdict();
  }
  settle();
  ctl[HEARTBEAT]++; // nobody else writes it, and whoever watches may see it late
}

/** The outcome of the last execution. */
export function outcome(): Outcome {
  return {
    oops: readOops(),
    points: ctl[POINTS],
    switches: ctl[SWITCHES],
    novel: hot[NOVEL],
    unreached: ctl[UNREACHED],
    unreachedFirst: ctl[UNREACHED_FIRST],
    traceHash: traceHash(),
  };
}
