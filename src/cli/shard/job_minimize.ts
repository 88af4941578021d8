/**
 * The shard's part of `minimize`.
 *
 * @module
 */
import type { Assembled } from "./assemble.ts";
import { atomicFiles } from "../protocol/files.ts";
import type { MinimizeJob, ShardEvent } from "../protocol/jobs.ts";
import * as arena from "../../machine/words/arena.ts";
import * as C from "../../machine/words/control.ts";
import { contextSwitches } from "../../engine/triage/finding.ts";
import { run, runOps, withRecordedSchedule } from "../../engine/inputs/input.ts";
import { minimize } from "../../engine/triage/minimize.ts";
import { kcsanHeader } from "../../prog/kcsan.ts";
import { parseProgram } from "../../prog/parse.ts";
import { printProgram } from "../../prog/print.ts";
import { specOf } from "../../prog/target.ts";

const { ctl } = arena;
/** Executions spent: more than inline, since somebody asked for it. */
const BUDGET = 20_000;

/** Minimise one file; the best so far is in the output file at any moment. */
export function minimizeFile(
  job: MinimizeJob,
  machine: Assembled,
  say: (e: ShardEvent) => void,
): number {
  const spec = specOf(machine.target);
  const { program, errors } = parseProgram(job.text, job.path, [spec]);
  if (program === null) {
    say({ event: "error", message: errors.map(String).join("\n"), code: 1 });
    return 1;
  }
  const title = run(program, spec, true).title;
  if (title === null) {
    const message = `Cannot minimise ${job.path}: it shows no bug on ${job.kernel}`;
    say({ event: "error", message, code: 78 });
    return 78;
  }
  const start = program.schedule?.kind === "symbolic" ? program : withRecordedSchedule(program);
  const save = (p: typeof start) =>
    atomicFiles.write(
      job.out,
      printProgram({
        ...p,
        title,
        kcsan: kcsanHeader(title, job.kcsan),
        expects: [{ kernel: job.kernel, title }],
      }),
    );
  const m = minimize(start, title, spec, {
    budget: BUDGET,
    onBetter: save,
    stop: () => Atomics.load(ctl, C.STOP) !== 0,
  });
  save(m.program);
  run(m.program, spec, true);
  say({
    event: "minimized",
    file: job.out,
    title,
    ops: runOps(m.program),
    switches: contextSwitches(),
    cpus: m.program.cpus,
  });
  say({
    event: "done",
    execs: m.execs,
    execs_per_sec: 0,
    points: 0,
    switches: 0,
    features: 0,
    titles: [title],
  });
  return 0;
}
