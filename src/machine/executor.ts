/**
 * The interface of what runs an input.
 *
 * An input is a packed program and a packed schedule. The engine writes both, executes them, and
 * reads the results. Engine and command line know nothing else of the machine. The first
 * implementation has one Worker per CPU (workers.ts).
 *
 * **Threads.** An {@linkcode Executor} belongs to the thread that made it. Code that runs inside an execution
 * (kernel, target, sanitizer) must not call it. Another thread of the process can only watch,
 * through a {@linkcode Monitor}.
 *
 * **Determinism.** The same program and schedule, executed {@linkcode ONCE}, have the same outcome and the same
 * trace hash: after any other executions, in every process, by every implementation. If there are
 * several findings, {@linkcode Executor.expect} decides which one counts. New features, and the
 * points that count as meetings, depend on the executions before. Executions that share their boot
 * operations ({@linkcode FIRST}, {@linkcode AGAIN}) check more if there are new features. Therefore
 * only a whole sequence of executions repeats exactly, and a finding is confirmed with {@linkcode
 * ONCE}. None of this holds for CPUs that run free.
 *
 * **Allocation.** {@linkcode Executor.execute} and all members marked *in the loop* allocate nothing.
 *
 * **Lifetime.** Results are those of the last execution, until the next one begins. The objects that are
 * properties of an executor never change, so a caller can keep them.
 *
 * @module
 */
import type { ParseError } from "../prog/errors.ts";
import type { Step } from "../prog/types.ts";
import type { Finding, PointDetail, TracePoint } from "../report/types.ts";

export { actorContext, actorCpu, ACTS_AS_CALLBACK, ACTS_AS_KWORKER } from "./layout/actors.ts";
export { FUNCTIONS_MAX } from "./layout/sizes.ts";
export { DEFAULT_CONFIG, type MachineConfig } from "./words/config.ts";

/** The form of a schedule: events at positions, see prog/layout.ts. */
export const NUMERIC = 0;
/** The form of a schedule: steps. Only {@linkcode Executor.writeSteps} can write it. */
export const SYMBOLIC = 1;
export type Form = typeof NUMERIC | typeof SYMBOLIC;

/** A single execution: at its end everything is checked. */
export const ONCE = 0;
/**
 * The first of several executions of this program. At the end, everything is taken down and checked
 * only if the execution has new features or looks suspicious.
 */
export const FIRST = 1;
/**
 * Another execution of the program of the last {@linkcode FIRST}. The program must not have
 * changed, and nothing else may have been executed since. The boot operations do not run; the state
 * after them is restored.
 */
export const AGAIN = 2;
export type Repetition = typeof ONCE | typeof FIRST | typeof AGAIN;

/**
 * Thrown by {@linkcode Executor.execute} of an executor that runs an input in two ways, if they come
 * to different results: this tool has a bug. The message has both traces where they part.
 */
export class Divergence extends Error {
  override name = "Divergence";
}

/** The finding of an execution in short; {@linkcode Recording.finding} has all of it. */
export interface Found {
  /** The identity of the bug; it has no numbers that vary. */
  readonly title: string;
  /** The oracle: `KASAN`, `lockdep`, …; `harness` if it is no bug of the kernel. */
  readonly oracle: string;
  /** Details, in lines. */
  readonly text: string;
  /** The functions that were running, outermost first. */
  readonly stack?: readonly string[];
  /**
   * What is at fault. `mistake`: a file of the user, which is a patch or a target. `exception`: this
   * tool. `capacity`: the input needs more of something than the machine has.
   */
  readonly fault: "kernel" | "mistake" | "exception" | "capacity";
  /** Whether the step limit ended the execution. */
  readonly isLockup: boolean;
  /** Whether it is a law that was judged at a point or after an operation, and not at quiescence. */
  readonly isStep?: boolean;
}

/** The result of one execution; a copy. */
export interface Outcome {
  readonly found: Found | null;
  /** Number of points, and of switches from one CPU to another. */
  readonly points: number;
  readonly switches: number;
  /** Number of features that no execution had shown before. */
  readonly novel: number;
  /**
   * Steps of a symbolic schedule whose point was not reached, and the index of the first of them.
   */
  readonly unreached: number;
  readonly unreachedFirst: number;
  /** Hash of the recording, 16 hex digits; without meaning if nothing was recorded. */
  readonly traceHash: string;
}

export {
  FUNCTIONS_MAX as WATCHED_FUNCTIONS_MAX,
  LINES_MAX as WATCHED_LINES_MAX,
  PASSAGE_BITS,
} from "./layout/passages.ts";
export { JOINING, QUEUED, STARTED } from "./layout/meetings.ts";

/**
 * The points at which actors met, in the order of the execution, and the turns of the actors. A
 * strategy changes schedules there. Positions count the points that the schedule decides about,
 * from 1. An actor is a context of a CPU: see {@linkcode actorCpu} and {@linkcode actorContext}. In
 * the loop.
 */
export interface Meetings {
  /** All keys of meetings are below this number. */
  readonly keys: number;
  /** Number of meetings; those of a very long execution are cut off. */
  readonly count: number;
  /** Position of meeting `m`. */
  position(m: number): number;
  /** The key of the meeting: the same in all executions that take this path. */
  key(m: number): number;
  /** Position of the write; 0 if it is not known, and then the writer is not known either. */
  written(m: number): number;
  /** The actor that wrote. */
  writer(m: number): number;
  /** The actor that came to the written value. */
  reader(m: number): number;
  /** The cell that was accessed, a number; 0 where no cell was. */
  cell(m: number): number;
  /** Whether the access may write the cell. */
  writes(m: number): boolean;
  /** Number of turns. */
  readonly turns: number;
  /** Number of points before turn `t`. */
  turnStart(t: number): number;
  /** The actor of turn `t`. */
  turnActor(t: number): number;
  /** Number of CPUs that others have started; 0 for programs whose CPUs all begin at once. */
  readonly starts: number;
  /** Number of releases of locks that one actor can hold at a time, after the first start. */
  readonly releases: number;
  /** Position of release `r`. */
  releasedAt(r: number): number;
  /** The actor that let the lock go. */
  releaser(r: number): number;
  /** The cell of the lock. */
  released(r: number): number;
}

/**
 * The states of memory that a walk came to, in the order of the execution; none without a walk. A state is
 * a hash of the values that the cells have got since the schedule began. In the loop.
 */
export interface Visits {
  /** Number of visits; those of a very long walk are cut off. */
  readonly count: number;
  /** Position of the point before which memory was in the state. */
  position(v: number): number;
  /** The state, a word. */
  state(v: number): number;
}

/** Abstract states, as the target computes them. In the loop. */
export interface States {
  /** How often all executions together reached each state; state 0 means none. */
  readonly counts: Uint32Array;
  /** The rarest of the states seen since the last call; 0 if there was none. */
  takeRarest(): number;
  /** The CPU that was last in the state that {@linkcode takeRarest} gave last. */
  readonly rarestCpu: number;
}

/**
 * Orders of lock classes that an execution showed, including its boot operations. An order is one
 * word. Equal orders have equal words in all executions of a machine. In the loop.
 */
export interface LockOrdersSeen {
  /** Number of orders. */
  count(): number;
  /** The word of the `i`-th order, by first appearance. */
  at(i: number): number;
  /** The number of the lock class that was held. */
  from(order: number): number;
  /** The number of the lock class that was taken while the other one was held. */
  to(order: number): number;
}

/** A recorded execution, with names instead of numbers. */
export interface Recording {
  /** All points, in the order of the execution. */
  points(): TracePoint[];
  /** Functions that passed a point, or called one that did. */
  functions(): string[];
  /** What is known of each point besides, if the recording is detailed. */
  details(): PointDetail[];
  /** Names of all functions of the kernel. */
  kernelFunctions(): string[];
  /**
   * How often two points in a row belong to different CPUs. The switch to the first CPU and the
   * switch back at the end do not count.
   */
  contextSwitches(): number;
  /** The schedule as steps that have the same trace. */
  steps(): Step[];
  /** The finding. There must be one. */
  finding(): Finding;
}

/**
 * What the last execution did at each line that is watched: bits of layout/passages.ts. In the loop.
 */
export interface Passages {
  /** Number of lines; 0 if nothing is watched. */
  readonly lines: number;
  at(line: number): number;
}

/** Runs inputs. */
export interface Executor {
  /**
   * The packed program to execute. Only the caller writes it, between executions; an execution does
   * not change it.
   */
  readonly program: Int32Array;
  /**
   * The packed schedule, if its form is {@linkcode NUMERIC}; the same rules hold. But if it ends in a walk
   * (S_WALK of prog/layout.ts), the execution makes it plain: under the schedule that is then there, an
   * execution comes to the same.
   */
  readonly schedule: Int32Array;

  /**
   * Write a symbolic schedule. Errors name functions and fields that this kernel does not have,
   * with their places in `file`. After an error nothing may be executed.
   */
  writeSteps(steps: readonly Step[], file: string): ParseError[];

  /**
   * Set which findings count from now on. With titles, executions reproduce a finding: if an
   * execution has several findings, one with such a title counts, else the first. With null,
   * executions look for new findings and skip the titles that were given to {@linkcode ignore}.
   */
  expect(titles: readonly string[] | null): void;
  /** Skip this title, that of the last finding, while no titles are expected. */
  ignore(title: string): void;

  /** Forget all features and meetings, as before the first execution. */
  forget(): void;

  /** Execute the program under the schedule, without a recording. In the loop. */
  execute(form: Form, repetition: Repetition): void;
  /**
   * Execute {@linkcode ONCE}, to see whether an input is worth keeping. An executor that runs inputs in
   * two ways may do it in the faster one; whoever keeps an input {@linkcode confirm}s it.
   */
  attempt(form: Form): void;
  /**
   * Make sure that the input comes to the same in all ways in which this executor runs it. What the
   * executions before have shown stays as it is.
   */
  confirm(form: Form): void;
  /**
   * Execute {@linkcode ONCE}, and record everything that a report needs. Slow. With `whole`, the points
   * before and after the schedule are recorded too, at boot and when everything is taken down: then
   * the trace hash is another, and {@linkcode Recording.steps} has no meaning. With `detailed`, much
   * slower, there are {@linkcode Recording.details}. With `everyStep`, laws that are otherwise judged at
   * quiescence are judged at every point and after every operation.
   */
  record(form: Form, whole?: boolean, detailed?: boolean, everyStep?: boolean): void;

  /** Whether there is a finding. This and the next four: in the loop. */
  readonly hasFound: boolean;
  /** Number of points, including boot operations and checks. */
  readonly points: number;
  /** Number of points that the schedule decides about. */
  readonly scheduledPoints: number;
  /** Number of switches from one CPU to another. */
  readonly switches: number;
  /** Features that no execution had shown before. */
  readonly novel: number;
  /** A byte for each feature: its lowest bit says whether an execution has shown it. Only to be read. */
  readonly coverage: Uint8Array;

  readonly meetings: Meetings;
  readonly states: States;
  readonly visits: Visits;
  readonly lockOrders: LockOrdersSeen;
  readonly passages: Passages;

  /** The whole result. Not for the loop. */
  outcome(): Outcome;
  /** The return value of the `i`-th operation of the program. */
  returned(i: number): number;
  /** The recording of the last execution, if there is one. */
  readonly recording: Recording;

  /**
   * Run the bare loop `times` times: `turns` turns, each of another CPU, with `points` points each.
   * It does the least that any executor must do; `bench` compares with it.
   */
  bare(cpus: number, turns: number, points: number, times: number): void;

  /** End the other CPUs. The executor cannot be used afterwards. */
  close(): void;
}

/** An input, copied. */
export interface InputWords {
  readonly program: Int32Array;
  readonly schedule: Int32Array;
  readonly form: Form;
}

/**
 * The view of another thread on an executor; they share memory. A monitor never waits, because the
 * executor may be stuck.
 */
export interface Monitor {
  /**
   * A number that changes whenever an execution ends, including those of the bare loop. If it does
   * not change for long, a CPU is stuck in a loop without points. Only the end of the process ends
   * that.
   */
  heartbeat(): number;
  /** The input that is being executed, or the last one. */
  input(): InputWords;
  /**
   * What CPU 0 does: the operations before the schedule, those under it, or the judgement after it; or no
   * execution.
   */
  phase(): "boot" | "schedule" | "judgement" | "none";
}
