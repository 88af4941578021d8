/**
 * The shard's part of `replay`: runs files and compares the results with their expect lines.
 *
 * @module
 */
import { type PageFacts, pageOf } from "./page.ts";
import { replayCommand } from "./replay_command.ts";
import { OURS } from "./findings.ts";
import { done, type JobContext } from "./job_context.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { InputFile, ReplayEvent, ReplayJob } from "../protocol/jobs.ts";
import type { Executor, Found, Outcome } from "../../machine/executor.ts";
import { formOf, load, record } from "../../engine/inputs/input.ts";
import { firstBroken } from "../../engine/triage/cause.ts";
import { leftOutIn } from "./origins.ts";
import { interleavingOf, recordForReport, reportOf } from "../../engine/triage/report.ts";
import { formatReturn, returnValue } from "../../prog/errno.ts";
import { parseProgram } from "../../prog/parse.ts";
import { printStep } from "../../prog/print.ts";
import { SKIPPED } from "../../prog/target.ts";
import type { Program } from "../../prog/types.ts";

/** Operations whose return value is not the expected one, with their places. */
function wrongReturns(executor: Executor, p: Program, path: string): string[] {
  return p.ops.flatMap((o, i) => {
    if (o.returns === undefined) return [];
    const value = executor.returned(i);
    if (value === returnValue(o.returns)) return [];
    const got = value === SKIPPED ? "it was skipped" : `got ${formatReturn(value)}`;
    return [`${path}:${o.at?.line}: ${o.name}: expected ${o.returns}, ${got}`];
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
  context: JobContext,
  path: string,
  program: Program,
  { hashes, outcome, titles }: Replayed,
): ReplayEvent {
  const { executor } = context;
  const { found, traceHash, unreached, unreachedFirst } = outcome;
  const title = found?.title ?? null;
  const expectation = program.expects.find((e) => e.kernel === job.kernel);
  const expected = expectation === undefined ? null : expectation.title ?? "none";
  // A finding ends the execution: what operations return then says nothing.
  const isReturning = title === null && program.ops.some((o) => o.returns !== undefined);
  const returns = isReturning ? wrongReturns(executor, program, path) : [];
  const unjudged = expected === null && !isReturning;
  const steps = program.schedule?.kind === "symbolic" ? program.schedule.steps : [];
  const missed = unreached > 0 ? steps[unreachedFirst] : undefined;
  return {
    event: "replay",
    file: path,
    kernel: job.kernel,
    title,
    expected,
    ok: !unjudged && (expected === null || expected === (title ?? "none")) && titles.size === 1 &&
      returns.length === 0,
    trace_hash: traceHash,
    runs: job.repeat,
    hashes: hashes.size,
    unreached: missed === undefined ? [] : [printStep(missed)],
    returns,
    unjudged,
    text: title === null
      ? job.trace ? interleavingOf(executor.recording, program, job.kernel) : undefined
      : reportText(job, context, program, path),
    page: job.page ? pageOf(executor, program, pageFacts(job, path, program)) : undefined,
  };
}

/** The report of the finding, with the law that the input breaks first. */
function reportText(
  job: ReplayJob,
  { executor, spec }: JobContext,
  p: Program,
  path: string,
): string {
  const first = firstBroken(executor, p, spec);
  record(executor, p, spec);
  recordForReport(executor, p);
  const command = commandOf(job, path, p);
  const leftOut = leftOutIn(job.patches);
  const facts = { kernel: job.kernel, files: [path], command, first, leftOut };
  return reportOf(executor.recording, p, facts, job.trace);
}

function pageFacts(job: ReplayJob, path: string, p: Program): PageFacts {
  const { kernel, patches, targetUrl } = job;
  const command = commandOf(job, path, p);
  return { kernel, files: [path], command, urls: [...patches, targetUrl] };
}

/** The command that shows this again. */
function commandOf({ flags, kernel }: ReplayJob, path: string, { expects }: Program): string {
  const isOnly = expects.length === 1 && expects[0].kernel === kernel;
  return replayCommand(path, isOnly ? flags : ` --kernel ${kernel}${flags}`);
}

/** What is said of a file whose execution shows no bug of the kernel, and the exit code. */
export function faultOf(path: string, { fault, text, title }: Found): [string, ExitCode] {
  if (fault === "mistake") return [`${text}\nThe input is ${path}`, EXIT.usage];
  if (fault === "capacity") return [`${path}: ${title}: ${text}`, EXIT.usage];
  return [`${OURS}\nThe input is ${path}\n${text}`, EXIT.internal];
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
    return fail(...faultOf(path, found));
  }
  say(replayEvent(job, context, path, program, replayed));
  return true;
}

/** Replay all files of the job; returns the shard's exit code. */
export function replay(job: ReplayJob, context: JobContext): ExitCode {
  let failed = 0;
  for (const f of job.files) if (!replayFile(job, f, context)) failed++;
  context.say(done({ execs: job.files.length * job.repeat }));
  return failed > 0 ? EXIT.usage : EXIT.ok;
}
