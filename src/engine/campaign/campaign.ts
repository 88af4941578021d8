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
  AGAIN,
  type Executor,
  FIRST,
  NUMERIC,
  ONCE,
  type Repetition,
  SYMBOLIC,
} from "../../machine/executor.ts";
import { Archive } from "./archive.ts";
import { Burst } from "./burst.ts";
import { Supply } from "../programs/generate.ts";
import { race, step } from "../programs/go_on.ts";
import { countHandlers, handledCpus } from "../programs/handlers.ts";
import { mutateProgram } from "../programs/mutate.ts";
import { LockOrders, type Merged } from "./lock_orders.ts";
import { PassageCounts } from "./passage_counts.ts";
import { type Entry, Queue } from "./queue.ts";
import { Rng } from "../programs/rng.ts";
import { Settler } from "./settler.ts";
import type { Past, Pay, Situation, Strategy, StrategyParts } from "../strategies/strategy.ts";
import { startsCpus } from "../programs/starts.ts";
import { PackedSpec } from "../programs/packed_spec.ts";
import { inTurn, titleOf } from "../inputs/input.ts";
import { canReschedule } from "../triage/reschedule.ts";
import { packNumeric } from "../../prog/pack.ts";
import { PREEMPTS, type Program, type TargetSpec } from "../../prog/types.ts";
import {
  E_GAP,
  eventAt,
  OP_ID,
  operationAt,
  P_CPUS,
  P_NOPS,
  P_PREEMPT,
  S_NEVENTS,
  SCHEDULE_WORDS,
} from "../../prog/layout.ts";

/**
 * So many executions come first, before programs go on from states: what lies near is found sooner
 * without.
 * With 0: S2 takes 1.2 times the executions.
 */
const PLAIN = 2048;
/**
 * Then one in this many programs does not go on from a state of the archive. With no archive, S9 takes 13 times
 * the executions, the planted release-frees 4 times.
 */
const OTHERS = 4;
/** One in this many of those that do is one operation behind the state; the rest are races of several. */
const STEP = 3;
/**
 * Once there is a queue, so many in eight of the other programs are generated. With 4: planted
 * races take 1.3 times the executions, S1 and S10 1.4 times.
 */
const FRESH = 6;
const OF_EIGHT = 8;
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
const THROUGH = 4;
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

/** What becomes of a schedule: it stays, or nearly so, or another one is drawn. */
const AS_IT_IS = 0;
const NEARLY = 1;
const ANEW = 2;
type How = typeof AS_IT_IS | typeof NEARLY | typeof ANEW;

const NO_PREEMPTION = PREEMPTS.indexOf("none");

/** One object for all schedules, because the loop allocates nothing. */
type Mutable<T> = { -readonly [K in keyof T]-?: T[K] };

export class Campaign {
  execs = 0;
  points = 0;
  switches = 0;
  features = 0;
  readonly titles = new Map<string, number>();
  readonly queue: Queue;
  readonly archive: Archive;
  /** What executions did at lines that are watched. */
  readonly passages: PassageCounts;
  /** The entries of the queue that come through such a line. */
  readonly #near: Queue;
  readonly #rng: Rng;
  readonly #supply: Supply;
  readonly #spec: PackedSpec;
  readonly #orders: LockOrders;
  readonly #settler: Settler;
  readonly #strategy: Strategy;
  readonly #pay: Mutable<Pay> = { features: 0, isNewTitle: false, state: Infinity };
  /** Findings of known titles by call trace, and the executions that looking at them took. */
  readonly #looks = new Map<string, number>();
  #lookedFor = 0;
  /** Merged inputs to run next. */
  readonly #merged: Merged[] = [];
  #points = POINTS_GUESS;
  readonly #past: Mutable<Past>;
  readonly #situation: Mutable<Situation>;
  readonly #burst = new Burst();
  /** Whether the strategy wrote the schedule. */
  #isDrawn = false;
  /** Number of operations of the program that are handlers. */
  #interrupts = 0;
  /** The CPUs that have these, one bit each. */
  #handled = 0;
  /** Whether CPUs of the program start others. */
  #starts = false;
  /** Whether other programs ran since the boot operations of this one; then they must run again. */
  #disturbed = false;

  constructor(
    readonly executor: Executor,
    spec: TargetSpec,
    readonly options: CampaignOptions,
    readonly hooks: CampaignHooks,
  ) {
    const { lockOrders, meetings, program, states, visits } = executor;
    this.queue = new Queue(states.counts);
    this.archive = new Archive(states.counts);
    this.#near = new Queue(states.counts);
    this.passages = new PassageCounts(executor.passages);
    this.#past = {
      meetings,
      visits,
      count: 0,
      program: 0,
      changed: new Uint32Array(meetings.keys),
    };
    this.#situation = {
      cpus: 0,
      points: 0,
      interrupts: 0,
      handled: 0,
      starts: false,
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
    this.#settler = new Settler(this.archive, states.counts.length, this.#spec, this.#rng, {
      program,
      comesTo: (state) => this.#comesTo(state),
      isOver: () => this.#isOver,
    });
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
    while (!this.#isOver) {
      if (this.execs >= PLAIN) this.#settler.settle();
      if (this.#isOver) return;
      const how = this.#nextProgram();
      this.#countHandlers();
      if (this.options.fixed === undefined) this.#past.program++;
      for (let isFirst = true; this.#burst.goesOn && this.execs < max; isFirst = false) {
        if (!isFirst || how !== AS_IT_IS) {
          this.#nextSchedule(!isFirst || how === ANEW, !isFirst && !this.#disturbed);
        }
        this.#execute(isFirst || this.#disturbed ? FIRST : AGAIN);
      }
    }
  }

  #countHandlers(): void {
    this.#starts = startsCpus(this.executor.program, this.#spec);
    this.#interrupts = countHandlers(this.executor.program);
    this.#handled = handledCpus(this.executor.program);
  }

  /** More schedules for a program that comes through a line that is watched, and fewer for others. */
  get #favour(): number {
    if (this.executor.passages.lines === 0) return 1;
    return this.passages.isThrough ? THROUGH : 1 / THROUGH;
  }

  /** An entry of the queue; most come through a line that is watched, if any is. */
  #choose(): Entry | null {
    const rng = this.#rng;
    const isNear = this.#near.entries.length > 0 && !rng.oneIn(FAR);
    return (isNear ? this.#near : this.queue).choose(rng);
  }

  /** Choose the next program; returns what becomes of the schedule that the executor holds then. */
  #nextProgram(): How {
    const rng = this.#rng;
    const { program: prog, schedule: sched } = this.executor;
    if (this.options.fixed !== undefined) {
      prog.set(this.options.fixed);
      this.#burst.begin(true); // there is no other program that waits
      return ANEW;
    }
    this.#points = POINTS_GUESS;
    const merged = this.#merged.pop();
    this.#burst.begin(merged?.schedule === null);
    if (merged !== undefined) {
      prog.set(merged.program);
      if (merged.schedule === null) return ANEW;
      sched.set(merged.schedule);
      return AS_IT_IS;
    }
    if (this.#goOn()) return ANEW;
    const entry = rng.below(OF_EIGHT) < FRESH ? null : this.#choose();
    if (entry === null) {
      prog.set(this.#supply.next());
      return ANEW;
    }
    prog.set(entry.program);
    sched.set(entry.schedule);
    this.#points = entry.points;
    if (rng.oneIn(SCHEDULES_ONLY)) return NEARLY;
    const other = this.queue.entries[rng.below(this.queue.entries.length)];
    mutateProgram(prog, other.program, this.#spec, rng, entry.state === 0 ? -1 : entry.cpu);
    return NEARLY;
  }

  /** Write a program that goes on from a state of the archive; false if it is the turn of others. */
  #goOn(): boolean {
    const rng = this.#rng;
    const { archive, executor: { program } } = this;
    if (this.execs < PLAIN || archive.size === 0 || rng.oneIn(OTHERS)) return false;
    program.set(archive.choose(rng)!);
    if (rng.oneIn(STEP)) step(program, this.#spec, rng);
    else race(program, this.#spec, rng);
    return true;
  }

  /** Run the program, CPU after CPU; whether it comes to this state, and to nothing worse. */
  #comesTo(state: number): boolean {
    const { executor } = this;
    const { counts } = executor.states;
    const before = counts[state];
    const cpus = executor.program[P_CPUS];
    packNumeric(inTurn(cpus), cpus, executor.schedule);
    this.#countHandlers();
    this.#past.program++;
    this.#execute(FIRST);
    return counts[state] > before && !executor.hasFound;
  }

  /** Write a new schedule, or leave the one that is there, with one event moved. */
  #nextSchedule(redraw: boolean, again: boolean): void {
    const rng = this.#rng;
    const sched = this.executor.schedule;
    this.#isDrawn = false;
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
    s.starts = this.#starts;
    s.preemptible = this.executor.program[P_PREEMPT] !== NO_PREEMPTION;
    this.#past.count = again ? this.executor.meetings.count : 0;
    this.#strategy.schedule(sched, s, rng);
    this.#isDrawn = true;
  }

  /** Execute the input that the executor holds; `input` is set if it came from a file. */
  #execute(repetition: Repetition, input?: Program): void {
    const { executor } = this;
    const isSymbolic = input?.schedule?.kind === "symbolic";
    this.#disturbed = false;
    executor.execute(isSymbolic ? SYMBOLIC : NUMERIC, repetition);
    this.execs++;
    this.points += executor.points;
    this.switches += executor.switches;
    this.passages.note();
    this.#burst.note(executor.meetings, this.#favour, this.execs);
    const state = executor.states.takeRarest();
    const made = this.#orders.note(executor.program, isSymbolic ? null : executor.schedule);
    if (made.length > 0) this.#merged.push(...made);
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
    if (this.#strategy.paid === undefined || !this.#isDrawn) return;
    this.#isDrawn = false;
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
    if (this.options.fixed === undefined) {
      this.#settler.note(program, state, states.rarestCpu);
    }
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
