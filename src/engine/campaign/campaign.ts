/**
 * The campaign: choose an input, run it, keep it if it has new features, follow up a finding.
 *
 * No decision depends on a clock. A campaign that is bounded by executions is a function of its
 * seed.
 *
 * Comments of constants tell what other values are worth: executions until a bug is found, relative to
 * the present value (`deno task tune`, November 2026; the table is in test/bench/README.md).
 *
 * @module
 */
import {
  actorCpu,
  AGAIN,
  type Executor,
  FIRST,
  type Meetings,
  NUMERIC,
  ONCE,
  type Repetition,
  SYMBOLIC,
} from "../../machine/executor.ts";
import { Supply } from "../programs/generate.ts";
import { goOn, mutateProgram } from "../programs/mutate.ts";
import { LockOrders } from "./lock_orders.ts";
import { PassageCounts } from "./passage_counts.ts";
import { type Entry, Queue } from "./queue.ts";
import { Rng } from "../programs/rng.ts";
import { Variety } from "./variety.ts";
import type { Past, Pay, Situation, Strategy, StrategyParts } from "../strategies/strategy.ts";
import { PackedSpec } from "../programs/packed_spec.ts";
import { inTurn, titleOf } from "../inputs/input.ts";
import { canReschedule } from "../triage/reschedule.ts";
import { packNumeric } from "../../prog/pack.ts";
import { PREEMPTS, type Program, type TargetSpec } from "../../prog/types.ts";
import {
  E_GAP,
  eventAt,
  IN_TASK,
  OP_CONTEXT,
  OP_CPU,
  OP_ID,
  operationAt,
  P_CPUS,
  P_NOPS,
  P_PREEMPT,
  S_NEVENTS,
  SCHEDULE_WORDS,
} from "../../prog/layout.ts";

/**
 * Minimum of schedules in a burst of one program. If its CPUs never meet, all schedules are
 * equivalent; the number grows with the number of meetings. With 3: 1.22 times the executions; with
 * 6: 1.62.
 */
const BURST_MIN = 2;
/** Maximum of schedules in a burst. Merged programs and a fixed program may get this many. */
const BURST_MAX = 64;
/**
 * A burst ends after this many schedules in a row that led to executions of the program that had been
 * before. With 6: planted races take 1.13 times the executions; with 12: 1.23 times.
 */
const STALE_MAX = 8;
/**
 * Schedules that each meeting of CPUs with a known write adds. With 1: 0.82 times the executions, but
 * 1.40 for S2; with 4: 1.30.
 */
const PER_MEETING = 2;
/**
 * One schedule more for this many meetings within a CPU. With 4, and 5 for STALE_MAX: planted races take
 * 1.6 times the executions, S1, S2, S3 and S10 0.9 times.
 */
const WITHIN_CPU = 1;
/**
 * Once there is a queue, so many in eight programs are generated. With 4: planted races take 1.3 times
 * the executions, S1 and S10 1.4 times, S9 the same; with 8, that is without a queue, S9 is not found.
 */
const FRESH = 6;
const OF_EIGHT = 8;
/**
 * One in this many programs that are chosen by their state gets one operation more, behind all others,
 * mostly on the CPU that reached the state; and it begins with its schedule, because under another one
 * it may not reach the state. With it, 15 of 32 seeds find S9 within 200,000 executions, without 4 of
 * 16; with 1: 6 of 16.
 */
const GO_ON = 2;
/**
 * One in this many programs of the queue is not mutated; only its schedules change. With 2 or 6: no
 * difference.
 */
const SCHEDULES_ONLY = 3;
/** One in this many schedules of the queue is kept, with one event moved. */
const MOVE_EVENT = 2;
/** Maximum of points by which an event moves, in either direction. */
const MOVE_MAX = 8;
/** One in this many choices is among all entries, where lines are watched; others are near those. */
const FAR = 4;
/** Times as many schedules for a program that comes through a line that is watched. */
const NEAR = 4;
/** Schedules that show whether a known program comes through such a line. */
const PROBES = 8;
/** Number of points that a program is expected to pass, before its first execution. */
const POINTS_GUESS = 400;
/** Minimum of points over which events are spread. */
const POINTS_MIN = 16;

/** One in this many executions, at most, looks at findings whose title is known. */
const LOOK_SHARE = 8;

export interface CampaignOptions {
  readonly seed: bigint;
  readonly shard: number;
  readonly cpus: number;
  readonly preempt: string;
  readonly strategy: Strategy;
  readonly maxExecs: number;
  /** A packed program that is not changed; only its schedules vary. */
  readonly fixed?: Int32Array;
}

/** Functions that a campaign calls. */
export interface CampaignHooks {
  /**
   * A finding with a new title. The executor holds the input; `input` is set if it came from a
   * file. Returns the number of executions that it used.
   */
  onFinding(title: string, execs: number, input?: Program): number;
  /**
   * Whether a bug with this title is known. Then other findings with the title are followed up now and
   * then, because a new bug may hide behind it.
   */
  isKnown?(title: string): boolean;
  /** An input with new features. The executor holds it. */
  onNovel?(): void;
  /** An execution has ended. Called in the loop, so it must be cheap. */
  onExecution?(c: Campaign): void;
  /** The number of executions is a power of two. */
  onPulse?(c: Campaign): void;
  /** Whether to stop. Called between executions. */
  stop(): boolean;
}

const NO_PREEMPTION = PREEMPTS.indexOf("none");

/** Number of operations of a program that are handlers. */
function countInterrupts(prog: Int32Array): number {
  let n = 0;
  for (let i = 0; i < prog[P_NOPS]; i++) {
    if (prog[operationAt(i) + OP_CONTEXT] !== IN_TASK) n++;
  }
  return n;
}

/** The CPUs that have handlers, one bit each. */
function handledCpus(prog: Int32Array): number {
  let cpus = 0;
  for (let i = 0; i < prog[P_NOPS]; i++) {
    const o = operationAt(i);
    if (prog[o + OP_CONTEXT] !== IN_TASK) cpus |= 1 << prog[o + OP_CPU];
  }
  return cpus;
}

/** Number of schedules that the meetings with a known write add. */
function schedulesFor(m: Meetings): number {
  let between = 0;
  let within = 0;
  for (let i = 0; i < m.count; i++) {
    if (m.written(i) === 0) continue;
    if (actorCpu(m.writer(i)) !== actorCpu(m.reader(i))) between++;
    else within++;
  }
  return PER_MEETING * between + Math.floor(within / WITHIN_CPU);
}

/** One object for all schedules, because the loop allocates nothing. */
type Mutable<T> = { -readonly [K in keyof T]-?: T[K] };

export class Campaign {
  execs = 0;
  points = 0;
  switches = 0;
  features = 0;
  readonly titles = new Map<string, number>();
  readonly queue: Queue;
  /** What executions did at lines that are watched. */
  readonly passages: PassageCounts;
  /** The entries of the queue that come through such a line. */
  readonly #near: Queue;
  readonly #rng: Rng;
  readonly #supply: Supply;
  readonly #spec: PackedSpec;
  readonly #orders: LockOrders;
  readonly #strategy: Strategy;
  readonly #pay: Mutable<Pay> = { features: 0, isNewTitle: false, state: Infinity };
  /** Findings of known titles by call trace, and the executions that looking at them took. */
  readonly #looks = new Map<string, number>();
  #lookedFor = 0;
  /** Merged programs to run next. */
  readonly #combined: Int32Array[] = [];
  #points = POINTS_GUESS;
  readonly #past: Mutable<Past>;
  readonly #situation: Mutable<Situation>;
  /** The executions of the program that differ. */
  readonly #variety = new Variety(BURST_MAX);
  /** Whether the entry was chosen by its abstract state. */
  #isByState = false;
  /** Minimum of schedules that the program gets. */
  #burst = BURST_MIN;
  /** Number of operations of the program that are handlers. */
  #interrupts = 0;
  /** The CPUs that have these, one bit each. */
  #handled = 0;
  /** Whether other programs ran since the boot operations of this one; then they must run again. */
  #disturbed = false;

  constructor(
    readonly executor: Executor,
    spec: TargetSpec,
    readonly options: CampaignOptions,
    readonly hooks: CampaignHooks,
  ) {
    const { lockOrders, meetings, states } = executor;
    this.queue = new Queue(states.counts);
    this.#near = new Queue(states.counts);
    this.passages = new PassageCounts(executor.passages);
    this.#past = { meetings, count: 0, program: 0, changed: new Uint32Array(meetings.keys) };
    this.#situation = {
      cpus: 0,
      points: 0,
      interrupts: 0,
      handled: 0,
      preemptible: false,
      past: this.#past,
    };
    this.#rng = new Rng(options.seed, options.shard);
    this.#spec = new PackedSpec(spec);
    this.#orders = new LockOrders(this.#spec, lockOrders);
    this.#strategy = options.strategy.begin?.() ?? options.strategy;
    states.counts.fill(0);
    states.takeRarest();
    this.#supply = new Supply(this.#spec, options, this.#rng);
  }

  /** What the parts of the strategy did, if it has parts. */
  get parts(): StrategyParts | undefined {
    return this.#strategy.parts;
  }

  /** Whether all executions are done. */
  get isComplete(): boolean {
    return this.execs >= this.options.maxExecs;
  }

  /** Run known inputs first. `load` gives one to the executor; it is executed unchanged. */
  seedWith(load: () => Program | null): void {
    while (this.execs < this.options.maxExecs && !this.hooks.stop()) {
      const p = load();
      if (p === null) return;
      this.#execute(ONCE, p);
    }
  }

  /**
   * Run known programs under `schedules` schedules each, whatever their own ones are; those that do not
   * come near a line that is watched under a few. `load` gives a program to the executor.
   */
  around(load: () => Program | null, schedules: number): void {
    const { executor } = this;
    for (let p = load(); p !== null && !this.#isOver; p = load()) {
      if (!canReschedule(p)) continue;
      executor.expect(null);
      executor.schedule.fill(0, 0, SCHEDULE_WORDS);
      this.#countHandlers();
      this.#points = POINTS_GUESS;
      let isNear = this.executor.passages.lines === 0;
      for (let i = 0; i < (isNear ? schedules : PROBES) && !this.#isOver; i++) {
        if (i === 0) this.#past.program++;
        this.#nextSchedule(true, i > 0 && !this.#disturbed);
        this.#execute(i === 0 || this.#disturbed ? FIRST : AGAIN);
        isNear ||= this.passages.isThrough;
      }
    }
  }

  get #isOver(): boolean {
    return this.isComplete || this.hooks.stop();
  }

  /** Search until the bound is reached or `stop()` returns true; may be called again. */
  fuzz(): void {
    const max = this.options.maxExecs;
    const { executor } = this;
    executor.expect(null);
    while (this.execs < max && !this.hooks.stop()) {
      const fresh = this.#nextProgram();
      this.#countHandlers();
      this.#variety.clear();
      if (this.options.fixed === undefined) this.#past.program++;
      let burst = this.#burst;
      for (let i = 0; i < burst && this.#variety.stale < STALE_MAX && this.execs < max; i++) {
        this.#nextSchedule(fresh || i > 0, i > 0 && !this.#disturbed);
        this.#execute(i === 0 || this.#disturbed ? FIRST : AGAIN);
        // The first schedules show how often these CPUs meet.
        if (i < BURST_MIN) {
          const wanted = BURST_MIN + this.#favour(schedulesFor(executor.meetings));
          burst = Math.min(BURST_MAX, Math.max(burst, wanted));
        }
      }
    }
  }

  #countHandlers(): void {
    this.#interrupts = countInterrupts(this.executor.program);
    this.#handled = handledCpus(this.executor.program);
  }

  /** More schedules for a program that comes through a line that is watched, and fewer for others. */
  #favour(schedules: number): number {
    if (this.executor.passages.lines === 0) return schedules;
    return Math.floor(this.passages.isThrough ? schedules * NEAR : schedules / NEAR);
  }

  /** An entry of the queue; most come through a line that is watched, if any is. */
  #choose(): Entry | null {
    const rng = this.#rng;
    const isNear = this.#near.entries.length > 0 && !rng.oneIn(FAR);
    const from = isNear ? this.#near : this.queue;
    const entry = from.choose(rng);
    this.#isByState = from.isByState;
    return entry;
  }

  /** Choose the next program; returns whether its schedule must be drawn. */
  #nextProgram(): boolean {
    const rng = this.#rng;
    const { program: prog, schedule: sched } = this.executor;
    if (this.options.fixed !== undefined) {
      prog.set(this.options.fixed);
      this.#burst = BURST_MAX; // there is no other program that waits
      return true;
    }
    const combined = this.#combined.pop();
    this.#burst = combined === undefined ? BURST_MIN : BURST_MAX;
    if (combined !== undefined) {
      prog.set(combined);
      this.#points = POINTS_GUESS;
      return true;
    }
    const entry = rng.below(OF_EIGHT) < FRESH ? null : this.#choose();
    if (entry === null) {
      prog.set(this.#supply.next());
      this.#points = POINTS_GUESS;
      return true;
    }
    prog.set(entry.program);
    sched.set(entry.schedule);
    this.#points = entry.points;
    if (this.#isByState && rng.oneIn(GO_ON)) {
      goOn(prog, this.#spec, rng, entry.cpu);
      return false;
    }
    if (rng.oneIn(SCHEDULES_ONLY)) return false;
    const other = this.queue.entries[rng.below(this.queue.entries.length)];
    mutateProgram(prog, other.program, this.#spec, rng, entry.state === 0 ? -1 : entry.cpu);
    return true;
  }

  /**
   * Write a new schedule; for the first run of a program of the queue, possibly its own with one
   * event moved.
   */
  #nextSchedule(redraw: boolean, again: boolean): void {
    const rng = this.#rng;
    const sched = this.executor.schedule;
    if (!redraw && sched[S_NEVENTS] > 0 && rng.oneIn(MOVE_EVENT)) {
      const e = eventAt(rng.below(sched[S_NEVENTS])) + E_GAP;
      sched[e] = Math.max(1, sched[e] + rng.below(2 * MOVE_MAX + 1) - MOVE_MAX);
      return;
    }
    const s = this.#situation;
    s.cpus = this.executor.program[P_CPUS];
    s.points = Math.max(POINTS_MIN, this.#points);
    s.interrupts = this.#interrupts;
    s.handled = this.#handled;
    s.preemptible = this.executor.program[P_PREEMPT] !== NO_PREEMPTION;
    this.#past.count = again ? this.executor.meetings.count : 0;
    this.#strategy.schedule(sched, s, rng);
  }

  /** Execute the input that the executor holds; `input` is set if it came from a file. */
  #execute(repetition: Repetition, input?: Program): void {
    const { executor } = this;
    const isSymbolic = input?.schedule?.kind === "symbolic";
    this.#disturbed = false;
    executor.execute(isSymbolic ? SYMBOLIC : NUMERIC, repetition);
    this.#variety.note(executor.meetings);
    this.execs++;
    this.points += executor.points;
    this.switches += executor.switches;
    this.passages.note();
    const state = executor.states.takeRarest();
    const made = this.#orders.note(executor.program);
    if (made.length > 0) this.#combined.push(...made);
    // Boot and teardown run without a schedule: events there would have no effect.
    this.#points = Math.max(POINTS_MIN, executor.scheduledPoints);
    this.#reckon(state);
    if (executor.hasFound) this.#finding(input);
    else if (executor.novel > 0 || this.passages.isNew) this.#keep(state, isSymbolic);
    this.hooks.onExecution?.(this);
    if ((this.execs & (this.execs - 1)) === 0) this.hooks.onPulse?.(this);
  }

  /** Tell the strategy what its schedule has shown. */
  #reckon(state: number): void {
    if (this.#strategy.paid === undefined) return;
    const { executor } = this;
    const pay = this.#pay;
    pay.features = executor.novel;
    pay.isNewTitle = executor.hasFound && !this.titles.has(titleOf(executor)!);
    pay.state = state === 0 ? Infinity : executor.states.counts[state];
    this.#strategy.paid(pay);
  }

  /** Keep an input with new features. */
  #keep(state: number, isSymbolic: boolean): void {
    const { novel, program, schedule, states } = this.executor;
    this.features += novel;
    // A symbolic schedule cannot be mutated, but the program can.
    if (isSymbolic) packNumeric(inTurn(program[P_CPUS]), program[P_CPUS], schedule);
    this.queue.add(program, schedule, this.#points, novel, state, states.rarestCpu);
    if (this.passages.isThrough) {
      this.#near.add(program, schedule, this.#points, novel, state, states.rarestCpu);
    }
    this.hooks.onNovel?.();
    if (!isSymbolic) this.#learn();
  }

  /** Read a trace of the input that the executor holds, if operations of it are not known well. */
  #learn(): void {
    const { executor } = this;
    const { program } = executor;
    const ids = Array.from({ length: program[P_NOPS] }, (_, i) => program[operationAt(i) + OP_ID]);
    if (!ids.some((id) => this.#spec.effects.isWanted(id))) return;
    executor.record(NUMERIC);
    this.#disturbed = true;
    this.#spec.effects.learn(executor.recording.points(), ids);
  }

  /** Whether a finding with a title that was found before may be of another bug, and shall be looked at. */
  #isWorthALook(title: string): boolean {
    if (!this.hooks.isKnown?.(title)) return false;
    const key = [title, ...this.executor.outcome().found!.stack ?? []].join("\n");
    const n = (this.#looks.get(key) ?? 0) + 1;
    this.#looks.set(key, n);
    // At powers of two of each call trace, as long as that takes a small share of the campaign.
    return (n & (n - 1)) === 0 && this.#lookedFor * LOOK_SHARE <= this.execs;
  }

  #finding(input?: Program): void {
    const { executor } = this;
    const title = titleOf(executor)!;
    const n = this.titles.get(title) ?? 0;
    this.titles.set(title, n + 1);
    if (n > 0 && !this.#isWorthALook(title)) return;
    if (n === 0) executor.ignore(title);
    const program = executor.program.slice();
    const schedule = executor.schedule.slice();
    this.#disturbed = true;
    const used = this.hooks.onFinding(title, this.execs, input);
    this.execs += used;
    if (n > 0) this.#lookedFor += used;
    executor.expect(null);
    executor.program.set(program);
    executor.schedule.set(schedule);
  }
}
