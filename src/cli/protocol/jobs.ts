/**
 * What the parent and a shard process tell each other.
 *
 * The parent writes one line of JSON, the {@linkcode Job}, to the standard input of a shard, and
 * later perhaps the line {@linkcode STOP_LINE}. The shard writes one line of JSON per
 * {@linkcode ShardEvent} to its standard output. Its standard error is passed through.
 *
 * @module
 */
import type { KcsanMode, Preempt } from "../../prog/types.ts";

/** The line that asks a shard to save what it has and to finish. */
export const STOP_LINE = "stop";

/** What every shard must know, whatever it does. */
export interface CommonJob {
  readonly kernel: string;
  /** Absolute file URLs of the patches given by the user, in order. */
  readonly patches: readonly string[];
  /** Name of the target. */
  readonly target: string;
  /** Absolute URL of the target's module; its default export is the target. */
  readonly targetUrl: string;
  readonly cpus: number;
  readonly preempt: Preempt;
  /** Names of the sanitizers left out. */
  readonly without: readonly string[];
  /** Which data races count; "off" leaves KCSAN out. */
  readonly kcsan: KcsanMode | "off";
  /** Points an execution may pass before it counts as a hang. */
  readonly stepLimit: number;
  /** Whether laws are judged at every point. */
  readonly everyStep: boolean;
  /** Milliseconds without any progress after which the shard counts as hung. */
  readonly hangMs: number;
}

export interface FuzzJob extends CommonJob {
  readonly verb: "fuzz";
  /** Decimal, up to 64 bits, so that JSON does not round it. */
  readonly seed: string;
  readonly shard: number;
  readonly shards: number;
  /** Executions of this shard, or null for no such bound. */
  readonly maxExecs: number | null;
  readonly maxMs: number | null;
  readonly strategy: string;
  readonly machine: Machine;
  readonly corpusDir: string;
  readonly artifactsDir: string;
  readonly exitOnCrash: boolean;
  /** Whether seeds and queue of the corpus are run first: only if it was named by the user. */
  readonly readCorpus: boolean;
}

export type Machine = "lockstep" | "free";

/** An input file, read by the parent. */
export interface InputFile {
  readonly path: string;
  readonly text: string;
}

export interface ReplayJob extends CommonJob {
  readonly verb: "replay";
  /** All of the job's target; each brings its own CPUs and preemption model. */
  readonly files: readonly InputFile[];
  readonly repeat: number;
  readonly trace: boolean;
  /** The kernel was asked for with --kernel, not taken from the files. */
  readonly explicitKernel: boolean;
}

export interface MinimizeJob extends CommonJob, InputFile {
  readonly verb: "minimize";
  readonly out: string;
}

export interface BenchJob extends CommonJob {
  readonly verb: "bench";
  /** Seconds per measurement. */
  readonly seconds: number;
  /** Numbers of CPUs to measure with. */
  readonly benchCpus: readonly number[];
  /** What to call these sanitizers, if it is their cost that is measured, and nothing else. */
  readonly cost?: string;
}

export type Job = FuzzJob | ReplayJob | MinimizeJob | BenchJob;

/** How far a fuzzing shard has come. */
export interface Counts {
  readonly execs: number;
  readonly execs_per_sec: number;
  readonly points: number;
  readonly switches: number;
  readonly features: number;
  readonly queue: number;
  readonly crashes: number;
  /** What it is doing: `fuzz`, `minimize`, … */
  readonly phase: string;
  readonly rss_mb: number;
}

export interface ReadyEvent {
  readonly event: "ready";
}

/** Sent at least every second by the main thread: a shard that stays silent hangs. */
export interface StatusEvent extends Counts {
  readonly event: "status";
}

/** The same at powers of two of executions, so at moments that do not depend on time. */
export interface PulseEvent extends Counts {
  readonly event: "pulse";
}

export interface CrashEvent {
  readonly event: "crash";
  readonly title: string;
  readonly file: string;
  /** Path of the text of the report. */
  readonly report: string;
  readonly execs_to_find: number;
  readonly ops: number;
  readonly switches: number;
  readonly cpus: number;
  /** The command line that reproduces it. */
  readonly command: string;
}

export interface ReplayEvent {
  readonly event: "replay";
  readonly file: string;
  readonly kernel: string;
  readonly title: string | null;
  /** A title, `none`, or null when the file expects nothing of this kernel. */
  readonly expected: string | null;
  readonly ok: boolean;
  readonly trace_hash: string;
  readonly runs: number;
  /** How many different trace hashes the runs had. */
  readonly hashes: number;
  /** Steps of the schedule whose point was never reached. */
  readonly unreached: readonly string[];
  /** The report, when there is a finding or a trace was asked for. */
  readonly text?: string;
}

export interface MinimizedEvent {
  readonly event: "minimized";
  readonly file: string;
  readonly title: string;
  readonly ops: number;
  readonly switches: number;
  readonly cpus: number;
}

export interface BenchEvent {
  readonly event: "bench";
  readonly name: string;
  readonly cpus: number;
  readonly execs_per_sec: number;
  readonly points_per_sec: number;
  readonly ns_per_point: number;
  readonly us_per_switch: number;
  /** Speed relative to the bare hand-off loop. */
  readonly ratio: number;
}

/** What sanitizers cost: the speed of the benchmark program, and of the campaign's own programs. */
export interface CostEvent {
  readonly event: "cost";
  /** "none", the name of one, "all but kcsan", or "all". */
  readonly sanitizers: string;
  readonly cpus: number;
  readonly execs_per_sec: number;
  readonly campaign_execs_per_sec: number;
}

export interface HangEvent {
  readonly event: "hang";
  /** The input that hangs, if it could be saved. */
  readonly file: string | null;
  readonly title: string;
}

/** Free-running machine: CPU time over wall time. */
export interface BusyEvent {
  readonly event: "busy";
  readonly ratio: number;
}

/** The shard gives up; `code` is the exit code of the whole command. */
export interface ErrorEvent {
  readonly event: "error";
  readonly message: string;
  readonly code: number;
}

/** The shard has finished what it was asked for. */
export interface DoneEvent {
  readonly event: "done";
  readonly execs: number;
  readonly execs_per_sec: number;
  readonly points: number;
  readonly switches: number;
  readonly features: number;
  readonly titles: readonly string[];
}

export type ShardEvent =
  | ReadyEvent
  | StatusEvent
  | PulseEvent
  | CrashEvent
  | ReplayEvent
  | MinimizedEvent
  | BenchEvent
  | CostEvent
  | HangEvent
  | BusyEvent
  | ErrorEvent
  | DoneEvent;
