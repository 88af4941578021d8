/**
 * The data of a campaign's page.
 *
 * @module
 */

/** Progress at a moment. */
export interface Sample {
  /** Seconds since the campaign began; null if the campaign is bounded by executions. */
  readonly seconds: number | null;
  readonly execs: number;
  /** Of the last second; null if the campaign is bounded by executions. */
  readonly execsPerSec: number | null;
  readonly features: number;
  readonly queue: number;
  /** Schedules that each strategy wrote so far; none if there is but one strategy. */
  readonly strategies: Readonly<Record<string, number>>;
}

/** A finding. */
export interface CampaignFinding {
  readonly title: string;
  /** What it follows from: the law that its input breaks first, or the title itself. */
  readonly cause: string;
  /** The input of the corpus that shows the same bug; null if the bug is new. */
  readonly known: string | null;
  readonly file: string;
  /** The page of the finding; null if there is none. */
  readonly page: string | null;
  readonly execsToFind: number;
  readonly cpus: number;
  readonly ops: number;
  readonly switches: number;
  readonly command: string;
}

/** How a process that did the work of a shard died. */
export interface ShardDeath {
  /** The signal or the exit code. */
  readonly of: string;
  /** Executions that it had reported. */
  readonly execs: number;
}

/** A shard, as it was last heard of. */
export interface ShardState {
  readonly shard: number;
  readonly phase: string;
  readonly execs: number;
  readonly execsPerSec: number | null;
  readonly features: number;
  readonly queue: number;
  readonly rssMb: number | null;
  /** CPU time of the last second, divided by the time that passed; null if that is not known. */
  readonly cpuShare: number | null;
  /** Processes that did its work and died, the first one first. */
  readonly deaths: readonly ShardDeath[];
}

/**
 * A line, and in how many executions a point of it was passed: at all; by two CPUs; with a handler
 * between it and the point before of the same thread.
 */
export type LineCoverage = readonly [
  line: number,
  inputs: number,
  twoCpus: number,
  handler: number,
];

/** A function of which some line was passed. */
export interface FunctionCoverage {
  readonly name: string;
  readonly file: string;
  /** Number of its first line in the file, from 1. */
  readonly from: number;
  readonly source: readonly string[];
  /** The lines with points that were passed. */
  readonly lines: readonly LineCoverage[];
}

/** What the kept inputs of a campaign cover. */
export interface CoverageData {
  /** Inputs that were run for it. */
  readonly inputs: number;
  /** Inputs that are still to be run. */
  readonly left: number;
  readonly functions: readonly FunctionCoverage[];
  /** Functions of the kernel of which no point was passed. */
  readonly without: readonly string[];
}

/** A campaign. */
export interface CampaignData {
  readonly target: string;
  readonly kernel: string;
  /** Decimal. */
  readonly seed: string;
  readonly cpus: number;
  readonly preempt: string;
  readonly strategy: string;
  readonly machine: string;
  readonly flags: Readonly<Record<string, unknown>>;
  /** What it ran on, by name. */
  readonly environment: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
  /** In the order in which they were found. */
  readonly findings: readonly CampaignFinding[];
  readonly hangs: readonly { readonly title: string; readonly file: string | null }[];
  readonly shards: readonly ShardState[];
  /** All shards together, as last heard of. */
  readonly execs: number;
  readonly execsPerSec: number | null;
  readonly features: number;
  readonly points: number;
  readonly switches: number;
  readonly isOver: boolean;
  /** Null if nobody looked; a file never has it. */
  readonly coverage: CoverageData | null;
}

/** What a kernel does with a file. */
export interface MatrixCell {
  readonly file: string;
  readonly kernel: string;
  readonly result: string;
  readonly title: string | null;
  readonly ok: boolean | null;
}

/** What a page of campaigns shows. */
export interface CampaignPage {
  readonly campaigns: readonly CampaignData[];
  /** The matrix, if it was run. */
  readonly matrix: readonly MatrixCell[];
  /** Whether the page gets news from the server that it comes from. */
  readonly live: boolean;
}
