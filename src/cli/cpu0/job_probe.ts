/**
 * The shard's part of `matrix` and `bisect`: asks one kernel about files.
 *
 * @module
 */
import { done, type JobContext } from "./job_context.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { ProbedFile, ProbeEvent, ProbeJob } from "../protocol/jobs.ts";
import { Rng } from "../../engine/programs/rng.ts";
import { NOT_SEARCHED, probe } from "../../engine/triage/probe.ts";
import { parseProgram } from "../../prog/parse.ts";

/**
 * Every search draws the same numbers, and knows no meetings of earlier ones: what one file says does not
 * depend on the others.
 */
const SEED = 1n;

function probeFile(job: ProbeJob, file: ProbedFile, context: JobContext): ProbeEvent {
  const { board, executor, spec } = context;
  const { path, text } = file;
  const { program, errors } = parseProgram(text, path, [spec]);
  const about = { event: "probe", file: path, kernel: job.kernel } as const;
  if (program === null) {
    return { ...about, result: "absent", title: null, missing: errors[0].message, ...NOT_SEARCHED };
  }
  const options = {
    titles: new Set(file.titles),
    places: file.places,
    budget: job.search,
    always: job.always,
    rng: new Rng(SEED, 0),
    stop: () => board.isStopAsked(),
  };
  executor.forget();
  return { ...about, ...probe(executor, program, spec, options) };
}

/** Ask about all files of the job; returns the shard's exit code. */
export function probeFiles(job: ProbeJob, context: JobContext): ExitCode {
  let execs = 0;
  for (const file of job.files) {
    const event = probeFile(job, file, context);
    execs += 1 + event.searched + event.recorded;
    context.say(event);
  }
  context.say(done({ execs }));
  return EXIT.ok;
}
