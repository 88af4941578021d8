/**
 * The contract of whatever runs an input.
 *
 * An input is a packed program and a packed schedule. The engine writes both, has them executed, and
 * reads what happened; it knows nothing else of the machine, and neither does the command line. The
 * first implementation has a Worker per CPU (workers.ts).
 *
 * **Threads.** All of an {@linkcode Executor} belongs to one thread, the one that made it. Nothing of
 * it may be called from inside an execution: not by the kernel, a target or a sanitizer. Another
 * thread of the process can only watch, through a {@linkcode Monitor}.
 *
 * **Determinism.** The same program and schedule, executed {@linkcode ONCE}, give the same outcome and
 * the same trace hash, whatever was executed before, in every process and by every implementation. What
 * is expected ({@linkcode Executor.expect}) decides which finding counts if there are several. What is
 * new, and so which points count as meetings, depends on what was executed before; executions that
 * share their boot operations ({@linkcode FIRST}, {@linkcode AGAIN}) look closer at what is new. So a
 * whole sequence of executions gives the same results again, and a finding is confirmed with
 * {@linkcode ONCE}. CPUs that run free of a schedule promise nothing of this.
 *
 * **Allocation.** {@linkcode Executor.execute} and whatever is marked *in the loop* allocate nothing.
 *
 * **Lifetime.** What is read is that of the last execution, until the next one begins. Objects that an
 * executor hands out as properties are the same ones for as long as it lives, so they can be kept.
 *
 * @module
 */
import type { ParseError } from "../prog/errors.ts";
import type { Step } from "../prog/types.ts";
import type { Finding, TracePoint } from "../report/types.ts";

export { DEFAULT_CONFIG, type MachineConfig } from "./words/config.ts";

/** The form of a schedule: events at positions, see prog/layout.ts. */
export const NUMERIC = 0;
/** The form of a schedule: steps, which only {@linkcode Executor.writeSteps} can write. */
export const SYMBOLIC = 1;
export type Form = typeof NUMERIC | typeof SYMBOLIC;

/** The program is executed for itself: everything is checked at the end. */
export const ONCE = 0;
/**
 * More executions of this program follow. At the end, everything is taken down and checked only if the
 * execution showed something new or looks suspicious.
 */
export const FIRST = 1;
/**
 * The same, for the program of the last {@linkcode FIRST}, which must not have changed, with nothing
 * else executed in between: the state after its boot operations is put back instead of running them.
 */
export const AGAIN = 2;
export type Repetition = typeof ONCE | typeof FIRST | typeof AGAIN;

/** What an execution found, in short; {@linkcode Recording.finding} has all of it. */
export interface Found {
  /** Stable, the identity of the bug. */
  readonly title: string;
  /** The oracle: `KASAN`, `lockdep`, …; `harness` if it is no bug of the kernel. */
  readonly oracle: string;
  /** More about it, in lines. */
  readonly text: string;
  /**
   * Whose fault it is. `exception`: a patch, the target or this tool threw one. `capacity`: the input
   * asks for more of something than the machine has.
   */
  readonly fault: "kernel" | "exception" | "capacity";
  /** The step limit ended the execution. */
  readonly isLockup: boolean;
}

/** What one execution came to; a copy. */
export interface Outcome {
  readonly found: Found | null;
  /** Points passed, and switches from one CPU to another. */
  readonly points: number;
  readonly switches: number;
  /** Features that no execution had shown before. */
  readonly novel: number;
  /** Steps of a symbolic schedule whose point was not reached, and the index of the first of them. */
  readonly unreached: number;
  readonly unreachedFirst: number;
  /** Hash of everything recorded, 16 hex digits; without meaning if nothing was. */
  readonly traceHash: string;
}

/**
 * Where the schedule of an execution is best changed: the points at which CPUs met, in the order in
 * which they were passed, and who ran when. Positions count the points that the schedule decided
 * about, from 1. For the loop.
 */
export interface Meetings {
  /** Keys of meetings are below this number. */
  readonly keys: number;
  /** How many meetings the execution had; those of a very long one are cut off. */
  readonly count: number;
  /** Position of the point at which meeting `m` took place. */
  position(m: number): number;
  /** What the meeting shares with those of other executions on the same path. */
  key(m: number): number;
  /** Position of the write that was met; 0 if none is known, and then neither is who did it. */
  written(m: number): number;
  /** The CPU that had written. */
  writer(m: number): number;
  /** The CPU that met what was written. */
  reader(m: number): number;
  /** How many turns the CPUs had. */
  readonly turns: number;
  /** Points that were passed before turn `t`. */
  turnStart(t: number): number;
  /** The CPU whose turn it was. */
  turnCpu(t: number): number;
}

/** Abstract states, as the target tells them apart. For the loop. */
export interface States {
  /** How often each state was come to in all executions; state 0 stands for none. */
  readonly counts: Uint32Array;
  /** The rarest of the states seen since the last call; 0 if there was none. */
  takeRarest(): number;
  /** The CPU that was last in the state that {@linkcode takeRarest} gave last. */
  readonly rarestCpu: number;
}

/**
 * Orders of lock classes that an execution showed, boot operations included. An order is one word, the
 * same in all executions of a machine: two orders are equal if their words are. For the loop.
 */
export interface LockOrdersSeen {
  /** How many orders there are. */
  count(): number;
  /** The word of the `i`-th order, in the order in which they were seen first. */
  at(i: number): number;
  /** Number of the lock class that was held. */
  from(order: number): number;
  /** Number of the lock class that was taken while the other one was held. */
  to(order: number): number;
}

/** A recorded execution, in names. */
export interface Recording {
  /** All points, in the order in which they were passed. */
  points(): TracePoint[];
  /**
   * How often a point is another CPU's than the one before. Handing over to whoever begins, and back
   * at the end, is no switch.
   */
  contextSwitches(): number;
  /** The schedule, as steps that give the same trace. */
  steps(): Step[];
  /** The finding; only if there is one. */
  finding(): Finding;
}

/** Runs inputs. */
export interface Executor {
  /**
   * The program to execute, packed. Written between executions, by the caller alone: an execution does
   * not change it, and a caller may rely on finding it as it was.
   */
  readonly program: Int32Array;
  /** The same for the schedule, if its form is {@linkcode NUMERIC}. */
  readonly schedule: Int32Array;

  /**
   * Write a symbolic schedule. Errors name what this kernel does not have; they have the places of the
   * steps, in `file`. With errors nothing may be executed.
   */
  writeSteps(steps: readonly Step[], file: string): ParseError[];

  /**
   * Say which findings count, from now on. With titles, executions reproduce a finding: if an execution
   * has several, the one with such a title counts, else the first. With null they look for new ones:
   * titles that {@linkcode ignore} was told are passed over.
   */
  expect(titles: readonly string[] | null): void;
  /** Pass over this title, of the last execution's finding, while nothing is expected. */
  ignore(title: string): void;

  /** Take everything for new again, and no two CPUs for having met: as before the first execution. */
  forget(): void;

  /** Execute the program under the schedule; nothing is recorded. In the loop. */
  execute(form: Form, repetition: Repetition): void;
  /** The same, {@linkcode ONCE}, with everything recorded that a report needs: slow. */
  record(form: Form): void;

  /** Whether there is a finding. In the loop, as the next four. */
  readonly hasFound: boolean;
  /** Points passed, boot and checks included. */
  readonly points: number;
  /** Points passed while the schedule decided: it is spread over these. */
  readonly scheduledPoints: number;
  /** Switches from one CPU to another. */
  readonly switches: number;
  /** Features that no execution had shown before. */
  readonly novel: number;

  readonly meetings: Meetings;
  readonly states: States;
  readonly lockOrders: LockOrdersSeen;

  /** All of it, for outside the loop. */
  outcome(): Outcome;
  /** What the `i`-th operation of the program returned. */
  returned(i: number): number;
  /** The last execution, if that was recorded. */
  readonly recording: Recording;

  /**
   * Do what the fastest imaginable executor would do for an execution of this shape: `turns` turns,
   * each of another CPU, of `points` points each; so many times, for `bench` to compare with.
   */
  bare(cpus: number, turns: number, points: number, times: number): void;

  /** End the other CPUs. Nothing may be called afterwards. */
  close(): void;
}

/** An input, copied. */
export interface InputWords {
  readonly program: Int32Array;
  readonly schedule: Int32Array;
  readonly form: Form;
}

/**
 * What another thread sees of an executor, which it shares memory with. It need not, and must not, wait
 * for anything: the executor may be stuck.
 */
export interface Monitor {
  /**
   * Changes whenever an execution ends, bare ones included. If it stands still for long, a CPU is stuck
   * where no point is, and nothing but the end of the process helps.
   */
  heartbeat(): number;
  /** The input that is being executed, or was last. */
  input(): InputWords;
}
