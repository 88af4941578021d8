/**
 * Exit codes: what a script may conclude from them.
 *
 * The numbers from 70 on are those of libFuzzer and jazzer.js where these have one.
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

/** What each of them means, for `--help` and the README. */
export const EXIT_DOCS: Readonly<Record<ExitCode, string>> = {
  0: "The bound was reached and nothing was found, or every expectation was met.",
  1: "A usage or input error; nothing was run and nothing was written.",
  70: "A hang: the step limit or the hang timeout ended it.",
  71: "A shard ran out of memory.",
  72: "Interrupted; everything found so far is saved.",
  77: "A bug was found.",
  78: "An expectation was not met.",
  79: "A replay diverged, or there is a bug in this tool.",
  130: "Interrupted twice: stopped at once.",
};

/** What a whole fuzzing run came to. */
export interface FuzzOutcome {
  /** The exit code of a failure of the tool or of an input, or null. */
  readonly failure: number | null;
  readonly interrupted: boolean;
  readonly hung: boolean;
  readonly titles: number;
}

/** The exit code of `fuzz`: what keeps the others from being trusted comes first. */
export function fuzzExitCode(o: FuzzOutcome): number {
  if (o.failure !== null) return o.failure;
  if (o.interrupted) return EXIT.interrupted;
  if (o.hung) return EXIT.hang;
  return o.titles > 0 ? EXIT.bug : EXIT.ok;
}

/** What a whole replay came to. */
export interface ReplayOutcome {
  readonly failure: number | null;
  readonly interrupted: boolean;
  readonly hung: boolean;
  readonly diverged: number;
  readonly unmet: number;
}

/** The exit code of `replay`: a replay that diverges makes its expectations meaningless. */
export function replayExitCode(o: ReplayOutcome): number {
  if (o.failure !== null) return o.failure;
  if (o.interrupted) return EXIT.interrupted;
  if (o.hung) return EXIT.hang;
  if (o.diverged > 0) return EXIT.internal;
  return o.unmet > 0 ? EXIT.unmet : EXIT.ok;
}

/** What a process that ended without a word died of, and the exit code that this means. */
export function causeOfDeath(
  code: number,
  signal: string | null,
): { cause: string; exit: ExitCode } {
  // V8 traps when its heap is full; the kernel kills when memory is.
  if (signal === "SIGKILL" || signal === "SIGTRAP") {
    return { cause: `${signal}, out of memory,`, exit: EXIT.memory };
  }
  return { cause: signal ?? `exit code ${code}`, exit: EXIT.internal };
}
