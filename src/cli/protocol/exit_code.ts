/**
 * Exit codes, for scripts.
 *
 * The numbers from 70 on are those that libFuzzer and jazzer.js use, where these have one.
 *
 * @module
 */

/** All exit codes, by name. */
export const EXIT = {
  ok: 0,
  usage: 1,
  hang: 70,
  memory: 71,
  interrupted: 72,
  bug: 77,
  unmet: 78,
  internal: 79,
  killed: 130,
} as const;
export type ExitCode = typeof EXIT[keyof typeof EXIT];

/** The meaning of each exit code, for `--help` and `src/cli/README.md`. */
export const EXIT_DOCS: Readonly<Record<ExitCode, string>> = {
  [EXIT.ok]: "The bound was reached and nothing new was found, or every expectation was met.",
  [EXIT.usage]: "The command line, an input file, a target or a patch has an error.",
  [EXIT.hang]: "A hang: an execution reached the step limit, or a shard the hang timeout.",
  [EXIT.memory]: "A shard ran out of memory.",
  [EXIT.interrupted]: "Interrupted; everything found so far is saved.",
  [EXIT.bug]: "A bug was found that the corpus does not know, or any with --count-known.",
  [EXIT.unmet]: "An expectation was not met, or a file had none to meet.",
  [EXIT.internal]: "A replay diverged, or this tool has a bug.",
  [EXIT.killed]: "Interrupted twice; stopped at once.",
};

/** The result of a whole fuzzing run. */
export interface FuzzOutcome {
  /** The exit code of a failure of the tool or of an input, or null. */
  readonly failure: number | null;
  readonly interrupted: boolean;
  readonly hung: boolean;
  readonly titles: number;
}

/** The exit code of `fuzz`. A result that makes the others unreliable comes first. */
export function fuzzExitCode(o: FuzzOutcome): number {
  if (o.failure !== null) return o.failure;
  if (o.interrupted) return EXIT.interrupted;
  if (o.hung) return EXIT.hang;
  return o.titles > 0 ? EXIT.bug : EXIT.ok;
}

/** The result of a whole replay. */
export interface ReplayOutcome {
  readonly failure: number | null;
  readonly interrupted: boolean;
  readonly hung: boolean;
  readonly diverged: number;
  readonly unmet: number;
  /** Files that expect nothing of the kernel on which they ran. */
  readonly unjudged: number;
}

/** The exit code of `replay`. A replay that diverges says nothing about its expectations. */
export function replayExitCode(o: ReplayOutcome): number {
  if (o.failure !== null) return o.failure;
  if (o.interrupted) return EXIT.interrupted;
  if (o.hung) return EXIT.hang;
  if (o.diverged > 0) return EXIT.internal;
  return o.unmet + o.unjudged > 0 ? EXIT.unmet : EXIT.ok;
}

/** Memory of a shard, in megabytes, above which its death by SIGKILL is taken for one of memory. */
const MUCH_MEMORY_MB = 2048;

/**
 * Why a process ended without a message, and the exit code that follows.
 *
 * V8 raises SIGTRAP when its heap is full. SIGKILL comes from anybody; from the kernel, for want of memory,
 * if the process had much of it.
 *
 * @param rssMb the memory that the shard last reported; 0 if it reported none
 */
export function causeOfDeath(
  code: number,
  signal: string | null,
  rssMb: number,
): { cause: string; exit: ExitCode } {
  const memory = signal === "SIGTRAP" || (signal === "SIGKILL" && rssMb >= MUCH_MEMORY_MB);
  if (memory) return { cause: `${signal}, out of memory at ${rssMb} MB`, exit: EXIT.memory };
  return { cause: signal ?? `exit code ${code}`, exit: EXIT.internal };
}
