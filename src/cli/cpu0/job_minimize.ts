/**
 * The shard's part of `minimize`.
 *
 * @module
 */
import { done, type JobContext } from "./job_context.ts";
import { faultOf } from "./job_replay.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { MinimizeJob } from "../protocol/jobs.ts";
import { record, runOps, withRecordedSchedule } from "../../engine/inputs/input.ts";
import { minimize } from "../../engine/triage/minimize.ts";
import { kcsanHeader } from "../../prog/kcsan.ts";
import { parseProgram } from "../../prog/parse.ts";
import { printProgram } from "../../prog/print.ts";
import type { Program } from "../../prog/types.ts";

/** Maximum of executions for one file. */
const BUDGET = 20_000;

/** Write the smallest input so far; see {@linkcode atomicFiles} for `lasting`. */
function save(p: Program, title: string, job: MinimizeJob, lasting: boolean): void {
  const kcsan = kcsanHeader(title, job.kcsan);
  const expects = [{ kernel: job.kernel, title }];
  const text = printProgram({ ...p, ...job.surroundings, title, kcsan, expects });
  atomicFiles.write(job.out, text, lasting);
}

/** Minimise one file. The output file always holds the smallest input so far. */
export function minimizeFile(job: MinimizeJob, context: JobContext): ExitCode {
  const { board, executor, say, spec } = context;
  const fail = (message: string, code: ExitCode): ExitCode => {
    say({ event: "error", message, code });
    return code;
  };
  const { program, errors } = parseProgram(job.text, job.path, [spec]);
  if (program === null) return fail(errors.map(String).join("\n"), EXIT.usage);
  const title = record(executor, program, spec);
  if (title === null) {
    return fail(`Cannot minimise ${job.path}: it shows no bug on ${job.kernel}`, EXIT.unmet);
  }
  const found = executor.outcome().found!;
  if (found.fault !== "kernel") return fail(...faultOf(job.path, found));
  const isSymbolic = program.schedule?.kind === "symbolic";
  const start = isSymbolic ? program : withRecordedSchedule(executor, program);
  const m = minimize(executor, start, title, spec, {
    budget: BUDGET,
    onBetter: (p) => save(p, title, job, false),
    stop: () => board.isStopAsked(),
  });
  save(m.program, title, job, true);
  record(executor, m.program, spec);
  say({
    event: "minimized",
    file: job.out,
    title,
    ops: runOps(m.program),
    switches: executor.recording.contextSwitches(),
    cpus: m.program.cpus,
  });
  say(done({ execs: m.execs, titles: [title] }));
  return EXIT.ok;
}
