/**
 * The shard's part of `replay`: run files, compare with what they expect.
 *
 * @module
 */
import { replayCommand } from "./command.ts";
import { done, type JobContext } from "./job_context.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { InputFile, ReplayEvent, ReplayJob } from "../protocol/jobs.ts";
import { RETURNS } from "../../machine/layout/sizes.ts";
import { views } from "../../machine/words/arena.ts";
import { load, type Result, runLoaded } from "../../engine/inputs/input.ts";
import { interleavingOf, reportOf } from "../../engine/triage/report.ts";
import { returnValue } from "../../prog/errno.ts";
import { parseProgram } from "../../prog/parse.ts";
import { printStep } from "../../prog/print.ts";
import type { Program } from "../../prog/types.ts";

const { slots } = views();

/** Operations whose return value is not the expected one. */
function wrongReturns(p: Program): string[] {
  return p.ops.flatMap((o, i) => {
    if (o.returns === undefined) return [];
    const got = slots[RETURNS + i];
    return got === returnValue(o.returns) ? [] : [`${o.name} returned ${got}, not ${o.returns}`];
  });
}

/** What a file came to when it was run as often as asked for. */
interface Replayed {
  /** The last execution's. */
  readonly result: Result;
  /** Different ones of all executions. */
  readonly hashes: ReadonlySet<string>;
  readonly titles: ReadonlySet<string | null>;
}

/** Run the input in the arena several times. */
function runRepeatedly(isSymbolic: boolean, times: number): Replayed {
  const hashes = new Set<string>();
  const titles = new Set<string | null>();
  for (let i = 1;; i++) {
    const result = runLoaded(isSymbolic, true);
    hashes.add(result.outcome.traceHash);
    titles.add(result.title);
    if (i >= times) return { result, hashes, titles };
  }
}

function replayEvent(
  job: ReplayJob,
  path: string,
  program: Program,
  { hashes, result, titles }: Replayed,
): ReplayEvent {
  const { title, outcome: { traceHash, unreached, unreachedFirst } } = result;
  const expectation = program.expects.find((e) => e.kernel === job.kernel);
  const expected = expectation === undefined ? null : expectation.title ?? "none";
  const wrong = title === null ? wrongReturns(program) : [];
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
    text: textOf(job, program, path, title !== null),
  };
}

/** The report of a finding; the interleaving alone if there is none and it was asked for. */
function textOf(job: ReplayJob, p: Program, path: string, found: boolean): string | undefined {
  if (!found) return job.trace ? interleavingOf(p, job.kernel) : undefined;
  const facts = { kernel: job.kernel, files: [path], command: replayCommand(job, path) };
  return reportOf(p, facts, job.trace);
}

/** Replay one file; whether that was possible. */
function replayFile(job: ReplayJob, { path, text }: InputFile, { say, spec }: JobContext): boolean {
  const fail = (message: string, code: ExitCode): false => {
    say({ event: "error", message, code });
    return false;
  };
  const { program, errors } = parseProgram(text, path, [spec]);
  if (program === null) return fail(errors.map(String).join("\n"), EXIT.usage);
  const bad = load(program, spec).map((e) => `${path}:${e.line}:${e.column}: ${e.message}`);
  if (bad.length > 0) return fail(bad.join("\n"), EXIT.usage);
  const replayed = runRepeatedly(program.schedule?.kind === "symbolic", job.repeat);
  const { title, outcome: { oops } } = replayed.result;
  if (oops?.kind.oracle === "harness") {
    const mine = job.patches.length === 0 && oops.kind.name !== "capacity";
    return fail(`${path}: ${title}\n${oops.text}`, mine ? EXIT.internal : EXIT.usage);
  }
  say(replayEvent(job, path, program, replayed));
  return true;
}

/** Replay all files of the job; returns the shard's exit code. */
export function replay(job: ReplayJob, context: JobContext): ExitCode {
  let failed = 0;
  for (const f of job.files) if (!replayFile(job, f, context)) failed++;
  context.say(done({ execs: job.files.length * job.repeat }));
  return failed > 0 ? EXIT.usage : EXIT.ok;
}
