/**
 * The executor whose CPUs are Workers. CPU 0 is this thread; the others wait in cpu_main.ts.
 *
 * @module
 */
import * as features from "./layout/features.ts";
import * as freeWords from "./layout/free.ts";
import * as meetingWords from "./layout/meetings.ts";
import * as oopsWords from "./layout/oops.ts";
import * as pointWords from "./layout/points.ts";
import * as recordWords from "./layout/recording.ts";
import * as scheduleWords from "./layout/schedule.ts";
import * as sizes from "./layout/sizes.ts";
import * as statusWords from "./layout/status.ts";
import * as turnWords from "./layout/turns.ts";
import * as walkWords from "./layout/walk.ts";
import { views } from "./words/arena.ts";
import { cellOf, isWrite, metBy, writerOf } from "./layout/meetings.ts";
import { addWalked } from "./layout/walk.ts";
import * as layout from "../prog/layout.ts";
import { wakeCpu } from "./words/wake.ts";
import { functionNames } from "./calls/registry.ts";
import { execute } from "./execution.ts";
import {
  type Executor,
  type Form,
  type Found,
  type LockOrdersSeen,
  type Meetings,
  ONCE,
  type Outcome,
  type Passages,
  type Recording,
  type Repetition,
  type States,
  SYMBOLIC,
  type Visits,
} from "./executor.ts";
import {
  OOPS_CAPACITY,
  OOPS_EXCEPTION,
  OOPS_LOCKUP,
  OOPS_MISTAKE,
  type OopsRecord,
  readOops,
  titleOf,
} from "./findings/oops.ts";
import { lineCount, passageOf } from "./hooks/passages.ts";
import { bareExecute } from "./lockstep/bare.ts";
import { rarestCpu, rarestState, stateCounts } from "./memory/coverage.ts";
import { forgetStacks } from "./record/stacks.ts";
import { traceHash } from "./record/trace.ts";
import { type Describe, findingOf } from "./translate/finding.ts";
import { pointDetails } from "./translate/details.ts";
import { contextSwitches, tracedFunctions, tracePoints } from "./translate/points.ts";
import { stepsOfTrace, writeSteps } from "./translate/steps.ts";
import type { ParseError } from "../prog/errors.ts";
import type { Step } from "../prog/types.ts";

const { ctl, hot, meetings, prog, releases, sched, seen, slots, turns, visits, walked } = views();
const { FEATURES } = features;
const { KEEP_GOING, ROUNDS } = freeWords;
const { M_ACCESS, M_ACTORS, M_KEY, M_POSITION, M_WROTE, NMEETINGS, NTURNS } = meetingWords;
const { NRELEASES, NSTARTS, RELEASE_ACTOR, RELEASE_AT, RELEASE_LOCK, TURN_ACTOR, TURN_AT } =
  meetingWords;
const { JUDGED_STEP, OOPS_KIND } = oopsWords;
const { NOVEL, POINTS, SCHEDULED } = pointWords;
const { DETAILED, STACK_TRACES } = recordWords;
const { MODE_NUMERIC, MODE_SYMBOLIC, UNREACHED, UNREACHED_FIRST } = scheduleWords;
const { CPUS_MAX, MEETING_WORDS, RELEASE_WORDS, RETURNS, TURN_WORDS, VISIT_WORDS } = sizes;
const { HEARTBEAT, POISON } = statusWords;
const { SWITCHES } = turnWords;
const { NVISITS, NWALKED, V_POSITION, V_STATE } = walkWords;
const { S_WALK } = layout;

/** What an executor needs of the sanitizers; src/sanitizers/active.ts implements it. */
export interface Judges {
  expect(titles: readonly string[] | null): void;
  ignore(title: string): void;
  describe(address: number): ReturnType<Describe>;
  orders(): LockOrdersSeen;
}

const meetingsSeen: Meetings = {
  keys: FEATURES,
  get count() {
    return ctl[NMEETINGS];
  },
  position: (m) => meetings[MEETING_WORDS * m + M_POSITION],
  key: (m) => meetings[MEETING_WORDS * m + M_KEY],
  written: (m) => meetings[MEETING_WORDS * m + M_WROTE],
  writer: (m) => writerOf(meetings[MEETING_WORDS * m + M_ACTORS]),
  reader: (m) => metBy(meetings[MEETING_WORDS * m + M_ACTORS]),
  cell: (m) => cellOf(meetings[MEETING_WORDS * m + M_ACCESS]),
  writes: (m) => isWrite(meetings[MEETING_WORDS * m + M_ACCESS]),
  get turns() {
    return ctl[NTURNS];
  },
  turnStart: (t) => turns[TURN_WORDS * t + TURN_AT],
  turnActor: (t) => turns[TURN_WORDS * t + TURN_ACTOR],
  get starts() {
    return ctl[NSTARTS];
  },
  get releases() {
    return ctl[NRELEASES];
  },
  releasedAt: (r) => releases[RELEASE_WORDS * r + RELEASE_AT],
  releaser: (r) => releases[RELEASE_WORDS * r + RELEASE_ACTOR],
  released: (r) => releases[RELEASE_WORDS * r + RELEASE_LOCK],
};

const passages: Passages = {
  get lines() {
    return lineCount();
  },
  at: passageOf,
};

const states: States = {
  counts: stateCounts,
  takeRarest: rarestState,
  get rarestCpu() {
    return rarestCpu();
  },
};

const visitsSeen: Visits = {
  get count() {
    return ctl[NVISITS];
  },
  position: (v) => visits[VISIT_WORDS * v + V_POSITION],
  state: (v) => visits[VISIT_WORDS * v + V_STATE],
};

/** Findings that are no bugs of the kernel. */
const FAULTS: ReadonlyMap<number, Found["fault"]> = new Map([
  [OOPS_EXCEPTION, "exception"],
  [OOPS_MISTAKE, "mistake"],
  [OOPS_CAPACITY, "capacity"],
]);

function foundOf(o: OopsRecord): Found {
  return {
    title: titleOf(o),
    oracle: o.kind.oracle,
    text: o.text,
    stack: o.stack,
    fault: FAULTS.get(ctl[OOPS_KIND]) ?? "kernel",
    isLockup: ctl[OOPS_KIND] === OOPS_LOCKUP,
    isStep: ctl[JUDGED_STEP] !== 0,
  };
}

export class Workers implements Executor {
  readonly program = prog;
  readonly schedule = sched;
  readonly meetings = meetingsSeen;
  readonly states = states;
  readonly visits = visitsSeen;
  readonly passages = passages;
  readonly coverage = seen;
  readonly lockOrders: LockOrdersSeen;
  readonly recording: Recording;
  readonly #judges: Judges;
  /** Lets all CPUs run; if it is absent, they do what the machine's mode says. */
  protected readonly runCpus?: () => void;

  constructor(judges: Judges) {
    this.#judges = judges;
    this.lockOrders = judges.orders();
    this.recording = {
      points: tracePoints,
      functions: tracedFunctions,
      details: pointDetails,
      kernelFunctions: functionNames,
      contextSwitches,
      steps: stepsOfTrace,
      finding: () => findingOf(readOops()!, (address) => judges.describe(address)),
    };
  }

  /** For free-running CPUs: set how often each repeats its operations in one execution. */
  repeat(rounds: number): void {
    ctl[ROUNDS] = rounds;
    ctl[KEEP_GOING] = 1;
  }

  writeSteps(steps: readonly Step[], file: string): ParseError[] {
    return writeSteps(steps, file);
  }

  expect(titles: readonly string[] | null): void {
    this.#judges.expect(titles);
  }

  ignore(title: string): void {
    this.#judges.ignore(title);
  }

  forget(): void {
    seen.fill(0);
    stateCounts.fill(0);
    rarestState();
  }

  execute(form: Form, repetition: Repetition): void {
    execute(form === SYMBOLIC ? MODE_SYMBOLIC : MODE_NUMERIC, false, repetition, this.runCpus);
    this.takeWalk(form);
  }

  /** The schedule of the execution that has ended becomes plain. */
  protected takeWalk(form: Form): void {
    if (form !== SYMBOLIC && sched[S_WALK] !== 0) addWalked(sched, walked, ctl[NWALKED]);
  }

  attempt(form: Form): void {
    this.execute(form, ONCE);
  }

  confirm(_form: Form): void {
    // There is one way to run an input.
  }

  record(form: Form, whole = false, detailed = false, everyStep = false): void {
    forgetStacks();
    ctl[STACK_TRACES] = 1;
    ctl[DETAILED] = detailed ? 1 : 0;
    const mode = form === SYMBOLIC ? MODE_SYMBOLIC : MODE_NUMERIC;
    execute(mode, true, ONCE, this.runCpus, whole, everyStep);
    ctl[STACK_TRACES] = 0;
    ctl[DETAILED] = 0;
  }

  get hasFound(): boolean {
    return ctl[OOPS_KIND] !== 0;
  }

  get points(): number {
    return ctl[POINTS];
  }

  get scheduledPoints(): number {
    return ctl[SCHEDULED];
  }

  get switches(): number {
    return ctl[SWITCHES];
  }

  get novel(): number {
    return hot[NOVEL];
  }

  outcome(): Outcome {
    const oops = readOops();
    return {
      found: oops === null ? null : foundOf(oops),
      points: ctl[POINTS],
      switches: ctl[SWITCHES],
      novel: hot[NOVEL],
      unreached: ctl[UNREACHED],
      unreachedFirst: ctl[UNREACHED_FIRST],
      traceHash: traceHash(),
    };
  }

  returned(i: number): number {
    return slots[RETURNS + i];
  }

  bare(cpus: number, turns: number, points: number, times: number): void {
    for (let i = 0; i < times; i++) bareExecute(cpus, turns, points);
    ctl[HEARTBEAT]++;
  }

  close(): void {
    Atomics.store(ctl, POISON, 1);
    for (let cpu = 1; cpu < CPUS_MAX; cpu++) wakeCpu(cpu);
  }
}
