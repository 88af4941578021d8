/**
 * The shard's part of coverage: runs the inputs that a campaign keeps once more, with detailed
 * recordings, and adds up which lines of which functions they pass.
 *
 * The campaign itself knows no lines, because a line costs a stack trace. So a process of its own looks
 * at what the campaign has written. While the campaign runs, it does little at a time, and at the
 * lowest priority.
 *
 * @module
 */
import { done, type JobContext } from "./job_context.ts";
import { readSource, sourceFiles } from "./source_files.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { CoverJob } from "../protocol/jobs.ts";
import { formOf, load } from "../../engine/inputs/input.ts";
import { Coverage } from "../../page/coverage.ts";
import { Sources } from "../../page/sources.ts";
import { parseProgram } from "../../prog/parse.ts";

/** Milliseconds between two events. */
const TELL_MS = 2000;
/** Milliseconds to wait for new inputs. */
const WAIT_MS = 500;
/** While the campaign runs: rest this many times as long as an input took. */
const REST = 9;
/** Milliseconds for what is left when the campaign is over. */
const LAST_MS = 5000;
/** Inputs that are run if there is no campaign to wait for; an input takes 20 ms. */
const INPUTS_MAX = 1000;

const nobody = new Int32Array(new SharedArrayBuffer(4));

/** Let this thread sleep. */
function sleep(ms: number, { executor }: JobContext): void {
  Atomics.wait(nobody, 0, 0, ms);
  // No execution, but a sign of life for who watches.
  executor.bare(1, 0, 0, 0);
}

/** Inputs that are there now. */
function inputsOf({ folders, since }: CoverJob): string[] {
  return folders.flatMap((folder) => atomicFiles.list(folder))
    .filter((path) => since === null || changedAt(path) >= since);
}

/** When a file was written; 0 if it is gone. */
function changedAt(path: string): number {
  try {
    return Deno.statSync(path).mtime?.getTime() ?? 0;
  } catch {
    return 0;
  }
}

/** Run an input and add what it passes; an input that is none of this machine is passed over. */
function add(path: string, coverage: Coverage, { cpus }: CoverJob, context: JobContext): void {
  const { executor, spec } = context;
  const { program } = parseProgram(atomicFiles.read(path) ?? "", path, [spec]);
  if (program === null || program.cpus > cpus || load(executor, program, spec).length > 0) return;
  executor.record(formOf(program), false, true);
  coverage.add(executor.recording.points(), executor.recording.details());
}

/** Look at all inputs; returns the shard's exit code. */
export function cover(job: CoverJob, context: JobContext): ExitCode {
  const { board, executor, say } = context;
  const coverage = new Coverage(
    new Sources(sourceFiles([...job.patches, job.targetUrl]), readSource),
  );
  const names = executor.recording.kernelFunctions();
  const seen = new Set<string>();
  let told = performance.now();
  let execs = 0;
  const tell = (left: number) => say({ event: "coverage", ...coverage.data(names, left) });
  let until = Infinity;
  for (;;) {
    // Who was asked to stop has to look once more: what came last counts.
    const isLast = !job.live || board.isStopAsked();
    const paths = inputsOf(job).filter((path) => !seen.has(path));
    let left = paths.length;
    for (const path of paths) {
      if (job.live && board.isStopAsked()) until = Math.min(until, performance.now() + LAST_MS);
      if (performance.now() >= until || (!job.live && execs >= INPUTS_MAX)) break;
      left--;
      seen.add(path);
      const start = performance.now();
      add(path, coverage, job, context);
      execs++;
      const now = performance.now();
      if (now - told >= TELL_MS) {
        tell(left);
        told = performance.now();
      }
      if (job.live && !board.isStopAsked()) {
        sleep(REST * (now - start), context);
      }
    }
    if (paths.length > 0) tell(left);
    if (isLast) break;
    if (paths.length === 0) sleep(WAIT_MS, context);
  }
  say(done({ execs }));
  return EXIT.ok;
}
