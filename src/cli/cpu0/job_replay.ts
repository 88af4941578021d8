/**
 * The shard's part of `replay`: runs files and compares the results with their expect lines.
 *
 * @module
 */
import { replayCommand } from "./replay_command.ts";
import { done, type JobContext } from "./job_context.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { InputFile, ReplayEvent, ReplayJob } from "../protocol/jobs.ts";
import type { Executor, Outcome } from "../../machine/executor.ts";
import { formOf, load } from "../../engine/inputs/input.ts";
import { interleavingOf, reportOf } from "../../engine/triage/report.ts";
import { returnValue } from "../../prog/errno.ts";
import { parseProgram } from "../../prog/parse.ts";
import { printStep } from "../../prog/print.ts";
import type { Program } from "../../prog/types.ts";

/** Operations whose return value differs from the expected one, as lines. */
function wrongReturns(executor: Executor, p: Program): string[] {
  return p.ops.flatMap((o, i) => {
    if (o.returns === undefined) return [];
    const got = executor.returned(i);
    return got === returnValue(o.returns) ? [] : [`${o.name} returned ${got}, not ${o.returns}`];
  });
}

/** The result of all executions of a file. */
interface Replayed {
  /** Of the last execution. */
  readonly outcome: Outcome;
  /** The different ones of all executions. */
  readonly hashes: ReadonlySet<string>;
  readonly titles: ReadonlySet<string | null>;
}

/** Execute the loaded program several times. */
function executeRepeatedly(executor: Executor, p: Program, times: number): Replayed {
  const hashes = new Set<string>();
  const titles = new Set<string | null>();
  for (let i = 1;; i++) {
    executor.record(formOf(p));
    const outcome = executor.outcome();
    hashes.add(outcome.traceHash);
    titles.add(outcome.found?.title ?? null);
    if (i >= times) return { outcome, hashes, titles };
  }
}

function replayEvent(
  job: ReplayJob,
  executor: Executor,
  path: string,
  program: Program,
  { hashes, outcome, titles }: Replayed,
): ReplayEvent {
  const { found, traceHash, unreached, unreachedFirst } = outcome;
  const title = found?.title ?? null;
  const expectation = program.expects.find((e) => e.kernel === job.kernel);
  const expected = expectation === undefined ? null : expectation.title ?? "none";
  const wrong = title === null ? wrongReturns(executor, program) : [];
  const steps = program.schedule?.kind === "symbolic" ? program.schedule.steps : [];
  const missed = unreached > 0 ? steps[unreachedFirst] : undefined;
  return {
    event: "replay",
    file: path,
    kernel: job.kernel,
    title,
    expected,
    ok: (expected === null || expected === (title ?? "none")) && titles.size === 1 &&
      wrong.length === 0,
    trace_hash: traceHash,
    runs: job.repeat,
    hashes: hashes.size,
    unreached: [...(missed === undefined ? [] : [printStep(missed)]), ...wrong],
    text: textOf(job, executor, program, path, title !== null),
  };
}

/** The report of the finding; without a finding the interleaving, if --trace was given. */
function textOf(
  job: ReplayJob,
  { recording }: Executor,
  p: Program,
  path: string,
  isFound: boolean,
): string | undefined {
  if (!isFound) return job.trace ? interleavingOf(recording, p, job.kernel) : undefined;
  const facts = { kernel: job.kernel, files: [path], command: replayCommand(job, path) };
  return reportOf(recording, p, facts, job.trace);
}

/** Replay one file; returns whether that was possible. */
function replayFile(job: ReplayJob, { path, text }: InputFile, context: JobContext): boolean {
  const { executor, say, spec } = context;
  const fail = (message: string, code: ExitCode): false => {
    say({ event: "error", message, code });
    return false;
  };
  const { program, errors } = parseProgram(text, path, [spec]);
  if (program === null) return fail(errors.map(String).join("\n"), EXIT.usage);
  const bad = load(executor, program, spec)
    .map((e) => `${path}:${e.line}:${e.column}: ${e.message}`);
  if (bad.length > 0) return fail(bad.join("\n"), EXIT.usage);
  const replayed = executeRepeatedly(executor, program, job.repeat);
  const { found } = replayed.outcome;
  if (found !== null && found.fault !== "kernel") {
    const mine = job.patches.length === 0 && found.fault === "exception";
    return fail(`${path}: ${found.title}\n${found.text}`, mine ? EXIT.internal : EXIT.usage);
  }
  say(replayEvent(job, executor, path, program, replayed));
  return true;
}

/** Replay all files of the job; returns the shard's exit code. */
export function replay(job: ReplayJob, context: JobContext): ExitCode {
  let failed = 0;
  for (const f of job.files) if (!replayFile(job, f, context)) failed++;
  context.say(done({ execs: job.files.length * job.repeat }));
  return failed > 0 ? EXIT.usage : EXIT.ok;
}
