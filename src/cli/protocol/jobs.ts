/**
 * The messages between the parent and a shard process.
 *
 * The parent writes one line of JSON, the {@linkcode Job}, to the standard input of a shard, and
 * possibly the line {@linkcode STOP_LINE} later. The shard writes one line of JSON per
 * {@linkcode ShardEvent} to its standard output. Its standard error is passed through.
 *
 * @module
 */
import type { CoverageData } from "../../page/campaign_data.ts";
import type { Difference, Note } from "../../report/first_difference.ts";
import type { Place } from "../../report/places.ts";
import type { KcsanMode, Preempt, Surroundings } from "../../prog/types.ts";

/** The line that asks a shard to save its findings and to finish. */
export const STOP_LINE = "stop";

/** The part that all jobs share. */
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
  /** Names of the sanitizers that are left out. */
  readonly without: readonly string[];
  /** Which data races count; "off" leaves KCSAN out. */
  readonly kcsan: KcsanMode | "off";
  /** Number of points after which an execution counts as a hang. */
  readonly stepLimit: number;
  /** Whether the laws of accounting are checked at every point. */
  readonly everyStep: boolean;
  /** Milliseconds without progress after which the shard counts as hung. */
  readonly hangMs: number;
}

/** Lines of code that a campaign watches. */
export interface WatchedLines {
  /** Functions that a line may be in, by their registered names. */
  readonly functions: readonly (readonly string[])[];
  /** For each line, the index of its functions. */
  readonly within: readonly number[];
  /** The lines that are the beginnings of their functions: nothing else says that they are passed. */
  readonly heads: readonly number[];
}

/** What a review asks of a campaign. */
export interface ReviewPart {
  readonly watched: WatchedLines;
  /** Inputs to run first: each under its own schedule, then each under `around` others. */
  readonly files: readonly string[];
  readonly around: number;
  /** The preemption model of all inputs; without it the model that each file names. */
  readonly preempt?: Preempt;
  /** Whether that is all: nothing is generated, and nothing mutated. */
  readonly isAll?: boolean;
}

export interface FuzzJob extends CommonJob {
  readonly verb: "fuzz";
  /** Up to 64 bits, as decimal text, because JSON would round a number. */
  readonly seed: string;
  readonly shard: number;
  readonly shards: number;
  /** Maximum of executions of this shard; null: no maximum. */
  readonly maxExecs: number | null;
  readonly maxMs: number | null;
  readonly strategy: string;
  readonly machine: Machine;
  readonly corpusDir: string;
  readonly artifactsDir: string;
  readonly exitOnCrash: boolean;
  /** Folders with inputs of known bugs. */
  readonly known: readonly string[];
  /** Whether findings of known bugs count like new ones. */
  readonly countKnown: boolean;
  /** Exchange of inputs with other campaigns; null: none. */
  readonly sync: Sync | null;
  /** The lines that a file in `artifactsDir` needs, to run on the same. */
  readonly surroundings: Surroundings;
  /**
   * Whether to run the seeds and the queue of the corpus first: only if the user named the corpus.
   */
  readonly readCorpus: boolean;
  /** Shards that have worked on this job before and died. */
  readonly generation: number;
  /** Titles that they saved: these are not followed up again. */
  readonly saved: readonly string[];
  /** When the campaign began (`Date.now()`): a new shard goes on from what was queued since. */
  readonly since: number;
  /** Set if this is one side of a review; then the queue is not saved. */
  readonly review?: ReviewPart;
  /** Take samples of what the campaign does. */
  readonly profile?: boolean;
}

/** Exchange of inputs by files. */
export interface Sync {
  /** The directory whose campaigns exchange inputs. */
  readonly dir: string;
  /** The folder of this campaign in it. */
  readonly name: string;
  /** Whether a file of the queue names the features that are new with it: a hub asks for them. */
  readonly features: boolean;
}

/**
 * What runs executions. `scout`: fibers, and Workers for all that is new; `lockstep`: Workers; `fibers`:
 * fibers, and Workers for findings; `free`: Workers that all run at once.
 */
export type Machine = "scout" | "lockstep" | "fibers" | "free";

/** An input file, read by the parent. */
export interface InputFile {
  readonly path: string;
  readonly text: string;
}

export interface ReplayJob extends CommonJob {
  readonly verb: "replay";
  /** Files for the target of the job. Each file has its own CPUs and preemption model. */
  readonly files: readonly InputFile[];
  readonly repeat: number;
  readonly trace: boolean;
  /** Whether the page of the execution is asked for. */
  readonly page: boolean;
  /** Flags that a printed command needs besides those of the file, each after a space. */
  readonly flags: string;
}

export interface MinimizeJob extends CommonJob, InputFile {
  readonly verb: "minimize";
  readonly out: string;
  /** The lines that the file `out` needs, to run on the same. */
  readonly surroundings: Surroundings;
}

export interface BenchJob extends CommonJob {
  readonly verb: "bench";
  /** Seconds per measurement. */
  readonly seconds: number;
  /** Numbers of CPUs to measure with. */
  readonly benchCpus: readonly number[];
  /** The label of these sanitizers, if only their cost is measured. */
  readonly cost?: string;
}

/** A file, and the titles under which kernels report its bug. */
export interface ProbedFile extends InputFile {
  readonly titles: readonly string[];
  /** The places of the conflict that makes the bug, if executions are to be counted that come through both. */
  readonly places?: readonly Place[];
}

/** Asks one kernel about files that were written for others. */
export interface ProbeJob extends CommonJob {
  readonly verb: "probe";
  readonly files: readonly ProbedFile[];
  /** Maximum of other schedules, where that of a file does not fit. */
  readonly search: number;
  /** Whether they are tried also where it fits and shows nothing. */
  readonly always?: boolean;
}

/** Runs a sample of inputs on the model, and on the model with functions of a tree. */
export interface CompareJob extends CommonJob {
  readonly verb: "compare";
  /** URL of the patch that has the functions of the tree. */
  readonly tree: string;
  /** Up to 64 bits, as decimal text. */
  readonly seed: string;
  /** Number of random inputs, which come after the files. */
  readonly count: number;
  readonly files: readonly InputFile[];
  /** CPUs of a random program, at most. */
  readonly drawnCpus: number;
  /** What model and tree may differ in. */
  readonly notes: readonly Note[];
}

/** Asks what the inputs that a campaign keeps cover. */
export interface CoverJob extends CommonJob {
  readonly verb: "cover";
  /** Folders with the inputs. */
  readonly folders: readonly string[];
  /** Only files that were written since (`Date.now()`); null: all. */
  readonly since: number | null;
  /** Whether the campaign still runs: then more inputs come, and it must not be disturbed. */
  readonly live: boolean;
}

export type Job = FuzzJob | ReplayJob | MinimizeJob | BenchJob | ProbeJob | CompareJob | CoverJob;

/** Number of schedules that each strategy wrote, by name. */
export type StrategyExecs = Readonly<Record<string, number>>;

/** The progress of a fuzzing shard. */
export interface Counts {
  readonly execs: number;
  readonly execs_per_sec: number;
  readonly points: number;
  readonly switches: number;
  readonly features: number;
  readonly queue: number;
  readonly crashes: number;
  /** What the shard does: `fuzz`, `minimize` or `search`. */
  readonly phase: string;
  readonly rss_mb: number;
  /** What the strategies did; absent if nobody chooses schedules. */
  readonly strategies?: StrategyExecs;
}

export interface ReadyEvent {
  readonly event: "ready";
}

/** Sent every second by the main thread. A shard that stays silent hangs. */
export interface StatusEvent extends Counts {
  readonly event: "status";
  /** CPU time of the shard in the last second, divided by the time that passed. */
  readonly cpu_share?: number;
}

/** The same, at powers of two of executions: at moments that do not depend on time. */
export interface PulseEvent extends Counts {
  readonly event: "pulse";
}

export interface CrashEvent {
  readonly event: "crash";
  readonly title: string;
  readonly file: string;
  /** Path of the report. */
  readonly report: string;
  /** Path of the page. */
  readonly page: string | null;
  /** The finding in few lines, without title and file. */
  readonly brief: readonly string[];
  /** The places of its conflict; see src/report/places.ts. */
  readonly places: readonly Place[];
  readonly execs_to_find: number;
  readonly ops: number;
  readonly switches: number;
  readonly cpus: number;
  /** The command line that reproduces it. */
  readonly command: string;
  /** The input of the corpus that shows the same bug; null if the bug is new. */
  readonly known: string | null;
  /** What it follows from: findings of one cause count once. */
  readonly cause: string;
}

export interface ReplayEvent {
  readonly event: "replay";
  readonly file: string;
  readonly kernel: string;
  readonly title: string | null;
  /** A title, `none`, or null if the file has no expect line for this kernel. */
  readonly expected: string | null;
  /** Whether something was expected, and everything expected came true. */
  readonly ok: boolean;
  readonly trace_hash: string;
  readonly runs: number;
  /** Number of different traces. */
  readonly hashes: number;
  /** Steps of the schedule whose point was never reached. */
  readonly unreached: readonly string[];
  /** Return values that are not the expected ones. */
  readonly returns: readonly string[];
  /** Whether the file expects nothing of this kernel, so that nothing was judged. */
  readonly unjudged: boolean;
  /** The report, if there is a finding or --trace was given. */
  readonly text?: string;
  /** The page of the execution, if it was asked for. */
  readonly page?: string;
}

/** What one kernel says about one file. */
export interface ProbeEvent {
  readonly event: "probe";
  readonly file: string;
  readonly kernel: string;
  /** See {@linkcode Probe} in src/engine/triage/probe.ts; "absent": an operation does not exist. */
  readonly result: "bug" | "other" | "clean" | "unreached" | "absent";
  readonly title: string | null;
  /** The first point that was not reached, or what the kernel does not have. */
  readonly missing: string | null;
  /** Number of other schedules that were tried. */
  readonly searched: number;
  /** Of so many of them it is known whether they came through both places, and so many did. */
  readonly recorded: number;
  readonly through: number;
}

/** A function of the tree that passes other points than the model's, at its first difference. */
export interface DiffersEvent extends Difference {
  readonly event: "difference";
  readonly name: string;
  readonly preempt: string;
  /** The input, as a file. */
  readonly input: string;
  /** Whether it differs only together with other functions of the tree. */
  readonly together: boolean;
}

/** The sample, or a part of it, has been run. */
export interface ComparedEvent {
  readonly event: "compared";
  readonly inputs: number;
  /** Inputs in which each function passed a point, itself or in what it called. */
  readonly called: readonly (readonly [string, number])[];
  /** Inputs in which each note was made use of, by its index. */
  readonly noted: readonly number[];
}

/** What the inputs that were run so far cover. */
export interface CoverageEvent extends CoverageData {
  readonly event: "coverage";
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
  /** Speed, divided by that of the bare loop. */
  readonly ratio: number;
}

/** The cost of sanitizers: the speed of the benchmark program, and of a campaign's own programs. */
export interface CostEvent {
  readonly event: "cost";
  /** "none", the name of one sanitizer, "all but kcsan", or "all". */
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

/**
 * A file cannot be written. The shard goes on; the parent prints what the file would hold. Of the
 * files of the queue, only the first is reported, without its text.
 */
export interface UnwrittenEvent {
  readonly event: "unwritten";
  readonly path: string;
  readonly reason: string;
  readonly text: string | null;
}

/** A shard found inputs of other campaigns, or of other shards of its own. */
export interface SyncEvent {
  readonly event: "sync";
  readonly inputs: number;
  readonly campaigns: number;
}

/** A file or folder of the shared directory cannot be used. */
export interface UnreadableEvent {
  readonly event: "unreadable";
  readonly path: string;
  readonly reason: string;
}

/** An execution takes long. The event has its input, in case the shard dies in it. */
export interface SlowEvent {
  readonly event: "slow";
  readonly text: string;
}

/** CPU time divided by wall time, with `--machine free`. */
export interface BusyEvent {
  readonly event: "busy";
  readonly ratio: number;
}

/**
 * What a campaign does: choose programs and schedules; execute what comes before the schedule; execute
 * the schedule; judge; confirm and minimise findings; make and write their files, and those of the
 * queue.
 */
export const PHASES = [
  "choosing",
  "boot",
  "schedule",
  "judgement",
  "minimizing",
  "writing",
] as const;

/** With `--profile`: samples of what the shard did, one each millisecond at most. */
export interface ProfileEvent {
  readonly event: "profile";
  readonly samples: Record<typeof PHASES[number], number>;
}

/** The shard gives up; `code` is the exit code of the whole command. */
export interface ErrorEvent {
  readonly event: "error";
  readonly message: string;
  readonly code: number;
}

/** The shard has finished its job. */
export interface DoneEvent {
  readonly event: "done";
  readonly execs: number;
  readonly execs_per_sec: number;
  readonly points: number;
  readonly switches: number;
  readonly features: number;
  readonly titles: readonly string[];
  /**
   * For each line that was watched, the executions that came through it in each of the ways of
   * machine/layout/passages.ts.
   */
  readonly passages?: readonly (readonly number[])[];
}

export type ShardEvent =
  | ReadyEvent
  | StatusEvent
  | PulseEvent
  | CrashEvent
  | ReplayEvent
  | ProbeEvent
  | DiffersEvent
  | ComparedEvent
  | MinimizedEvent
  | CoverageEvent
  | BenchEvent
  | CostEvent
  | HangEvent
  | UnwrittenEvent
  | SyncEvent
  | UnreadableEvent
  | SlowEvent
  | BusyEvent
  | ProfileEvent
  | ErrorEvent
  | DoneEvent;
