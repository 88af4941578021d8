/**
 * The shard's part of `replay`: run files, compare with what they expect.
 *
 * @module
 */
import type { Assembled } from "./assemble.ts";
import { interleavingOf, reportOf } from "./follow_up.ts";
import type { InputFile, ReplayJob, ShardEvent } from "../protocol/jobs.ts";
import * as arena from "../../machine/words/arena.ts";
import { RETURNS } from "../../machine/words/arena.ts";
import { load, runLoaded } from "../../engine/inputs/input.ts";
import { returnValue } from "../../prog/errno.ts";
import { parseProgram } from "../../prog/parse.ts";
import { printStep } from "../../prog/print.ts";
import { specOf } from "../../prog/target.ts";
import type { Program, TargetSpec } from "../../prog/types.ts";

const { slots } = arena;

/** Operations whose return value is not the expected one. */
function wrongReturns(p: Program): string[] {
  return p.ops.flatMap((o, i) => {
    if (o.returns === undefined) return [];
    const got = slots[RETURNS + i];
    return got === returnValue(o.returns) ? [] : [`${o.name} returned ${got}, not ${o.returns}`];
  });
}

function replayFile(
  job: ReplayJob,
  f: InputFile,
  spec: TargetSpec,
  say: (e: ShardEvent) => void,
): boolean {
  const { program, errors } = parseProgram(f.text, f.path, [spec]);
  if (program === null) {
    say({ event: "error", message: errors.map(String).join("\n"), code: 1 });
    return false;
  }
  const bad = load(program, spec);
  if (bad.length > 0) {
    say({
      event: "error",
      message: bad.map((e) => `${f.path}:${e.line}:${e.column}: ${e.message}`).join("\n"),
      code: 1,
    });
    return false;
  }
  const symbolic = program.schedule?.kind === "symbolic";
  const hashes = new Set<string>();
  const titles = new Set<string | null>();
  let result = runLoaded(symbolic, true);
  for (let i = 1;; i++) {
    hashes.add(result.outcome.traceHash);
    titles.add(result.title);
    if (i >= job.repeat) break;
    result = runLoaded(symbolic, true);
  }
  if (result.outcome.oops?.kind.oracle === "harness") {
    const mine = job.patches.length === 0 && result.outcome.oops.kind.name !== "capacity";
    const message = `${f.path}: ${result.title}\n${result.outcome.oops.text}`;
    say({ event: "error", message, code: mine ? 79 : 1 });
    return false;
  }
  const expectation = program.expects.find((e) => e.kernel === job.kernel);
  const expected = expectation === undefined ? null : expectation.title ?? "none";
  const wrong = result.title === null ? wrongReturns(program) : [];
  const steps = program.schedule?.kind === "symbolic" ? program.schedule.steps : [];
  const { unreached, unreachedFirst } = result.outcome;
  say({
    event: "replay",
    file: f.path,
    kernel: job.kernel,
    title: result.title,
    expected,
    ok: (expected === null || expected === (result.title ?? "none")) && titles.size === 1 &&
      wrong.length === 0,
    trace_hash: result.outcome.traceHash,
    runs: job.repeat,
    hashes: hashes.size,
    unreached: [
      ...(unreached > 0 && steps[unreachedFirst] ? [printStep(steps[unreachedFirst])] : []),
      ...wrong,
    ],
    text: textOf(job, program, f.path, result.title !== null),
  });
  return true;
}

/** The report of a finding; the interleaving alone if there is none and it was asked for. */
function textOf(job: ReplayJob, p: Program, path: string, found: boolean): string | undefined {
  if (found) return reportOf(job, p, [path], job.trace);
  return job.trace ? interleavingOf(job, p) : undefined;
}

/** Replay all files of the job; returns the shard's exit code. */
export function replay(job: ReplayJob, machine: Assembled, say: (e: ShardEvent) => void): number {
  const spec = specOf(machine.target);
  let failed = 0;
  for (const f of job.files) if (!replayFile(job, f, spec, say)) failed++;
  say({
    event: "done",
    execs: job.files.length * job.repeat,
    execs_per_sec: 0,
    points: 0,
    switches: 0,
    features: 0,
    titles: [],
  });
  return failed > 0 ? 1 : 0;
}
