/**
 * What happens to a finding: confirm it, minimise it, write it down, say so.
 *
 * @module
 */
import { atomicFiles } from "../protocol/files.ts";
import type { CommonJob, ShardEvent } from "../protocol/jobs.ts";
import * as arena from "../../machine/words/arena.ts";
import * as C from "../../machine/words/control.ts";
import { DEFAULT_CONFIG } from "../../machine/words/config.ts";
import { readOops } from "../../machine/findings/oops.ts";
import { contextSwitches, findingOf, tracePoints } from "../../engine/triage/finding.ts";
import { type Result, run, runOps, withRecordedSchedule } from "../../engine/inputs/input.ts";
import { minimize } from "../../engine/triage/minimize.ts";
import { crashPath } from "../../engine/triage/store.ts";
import { kcsanHeader } from "../../prog/kcsan.ts";
import { unpackNumeric, unpackProgram } from "../../prog/pack.ts";
import { printOperation, printProgram } from "../../prog/print.ts";
import type { Program, TargetSpec } from "../../prog/types.ts";
import { interleaving, render } from "../../report/render.ts";

const { ctl, prog, sched } = arena;

/** Runs in which a finding must show the same title and the same trace. */
const CONFIRMATIONS = 3;
/** Executions spent on minimising one finding. */
const MINIMIZE_BUDGET = 20_000;

/** The path of a file URL. */
function pathOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}

/** A word as a shell takes it literally. */
function shellWord(s: string): string {
  return /^[\w/.:@%+=-]+$/.test(s) ? s : `'${s.replaceAll("'", `'\\''`)}'`;
}

/** The complete command that replays a file. */
export function replayCommand(job: CommonJob, file: string): string {
  const patches = job.patches.map((p) => ` --patch ${shellWord(pathOf(p))}`).join("");
  const without = job.without.map((s) => ` --no-sanitizer ${s}`).join("");
  // A target that does not come with the project is known by its path only.
  const local = new URL(`../../../fuzz/${job.target}.ts`, import.meta.url).href === job.targetUrl;
  const target = local ? "" : ` --target ${shellWord(pathOf(job.targetUrl))}`;
  const limit = job.stepLimit === DEFAULT_CONFIG.stepLimit ? "" : ` --step-limit ${job.stepLimit}`;
  const kcsan = job.kcsan === "off" ? "" : ` --kcsan ${job.kcsan}`;
  const every = job.everyStep ? " --every-step" : "";
  const flags = `${target}${patches}${without}${kcsan}${limit}${every}`;
  return `deno task replay --kernel ${job.kernel}${flags} ${shellWord(file)}`;
}

/** The report of the execution that was just recorded. */
export function reportOf(job: CommonJob, p: Program, files: string[], full = false): string {
  const trace = { ...traceOf(job, p), finding: findingOf(readOops()!) };
  return render({ ...trace, files, command: replayCommand(job, files[0]) }, { full });
}

/** The interleaving of the execution that was just recorded, finding or not. */
export function interleavingOf(job: CommonJob, p: Program): string {
  const trace = { ...traceOf(job, p), finding: null, files: [], command: "" };
  return interleaving(trace, { full: true });
}

function traceOf(job: CommonJob, p: Program) {
  return {
    kernel: job.kernel,
    preempt: p.preempt,
    cpus: p.cpus,
    ops: p.ops.map(printOperation),
    trace: tracePoints(),
  };
}

export class FollowUp {
  /** Titles that were confirmed and saved. */
  readonly titles: string[] = [];
  /** Exit code of the shard so far. */
  code = 0;
  /** True when it makes no sense to go on. */
  over = false;
  #used = 0;

  constructor(
    readonly job: CommonJob & { artifactsDir: string; seed?: string },
    readonly spec: TargetSpec,
    readonly say: (e: ShardEvent) => void,
    readonly stop: () => boolean,
  ) {}

  /**
   * Follow up the finding of the input in the arena, which may be that of a file; returns the
   * executions used.
   */
  finding(title: string, execs: number, known?: Program): number {
    this.#used = 0;
    const oracle = readOops()!.kind;
    const cpus = prog[1];
    const p: Program = {
      ...unpackProgram(prog, this.spec),
      title,
      target: this.job.target,
      schedule: known?.schedule ?? unpackNumeric(sched, cpus),
    };
    if (oracle.oracle === "harness") this.#harness(oracle.name, p, execs);
    else {
      ctl[C.STAT_PHASE] = 1;
      this.#bug(title, p, execs);
      ctl[C.STAT_PHASE] = 0;
    }
    return this.#used;
  }

  #run(p: Program, trace: boolean): Result {
    this.#used++;
    return run(p, this.spec, trace);
  }

  /** Not a bug of the kernel: an exception in a patch or in the harness, or too large an input. */
  #harness(kind: string, p: Program, execs: number): void {
    if (kind === "capacity") return; // the input asks for more than there is: no finding
    const text = readOops()!.text;
    const path = `${this.job.artifactsDir}/exception-${execs}.txt`;
    atomicFiles.write(path, printProgram(p));
    const mine = this.job.patches.length === 0;
    const who = mine ? "The harness" : "A patch, or the harness,";
    this.code = mine ? 79 : 1;
    this.say({
      event: "error",
      message: `${who} threw an exception; the input is in ${path}\n${text}`,
      code: this.code,
    });
    this.over = true;
  }

  /** The same title and trace, three times out of three, from the symbolic schedule. */
  #confirm(p: Program, title: string): boolean {
    const hashes = new Set<string>();
    for (let i = 0; i < CONFIRMATIONS; i++) {
      const r = this.#run(p, true);
      if (r.title !== title) return false;
      hashes.add(r.outcome.traceHash);
    }
    return hashes.size === 1;
  }

  #bug(title: string, numeric: Program, execs: number): void {
    const again = this.#run(numeric, true).title;
    if (again !== title) {
      this.code = 79;
      this.over = true;
      const path = `${this.job.artifactsDir}/diverged-${execs}.txt`;
      atomicFiles.write(path, printProgram(numeric));
      this.say({
        event: "error",
        message: `Cannot reproduce "${title}" from its own input, which is in ${path}: ` +
          `it shows ${again === null ? "nothing" : `"${again}"`}`,
        code: 79,
      });
      return;
    }
    const symbolic = withRecordedSchedule(numeric);
    let best = numeric;
    if (this.#confirm(symbolic, title)) {
      this.#save(symbolic, title, execs);
      const m = minimize(symbolic, title, this.spec, {
        budget: MINIMIZE_BUDGET,
        stop: this.stop,
        onBetter: () => {},
      });
      this.#used += m.execs;
      best = this.#confirm(m.program, title) ? m.program : symbolic;
    }
    this.#report(best, title, execs);
  }

  /** The file of a finding: the input, and what is known about where it came from. */
  #save(p: Program, title: string, execs: number): string {
    const path = crashPath(this.job.artifactsDir, title);
    const seed = this.job.seed === undefined ? "" : ` with --seed ${this.job.seed}`;
    atomicFiles.write(
      path,
      printProgram({
        ...p,
        kcsan: title.startsWith("KCSAN: ") ? kcsanHeader(title, this.job.kcsan) : undefined,
        comments: [`Found by fuzzing ${this.job.kernel}${seed}, after ${execs} executions.`],
        expects: [{ kernel: this.job.kernel, title }],
      }),
    );
    return path;
  }

  #report(p: Program, title: string, execs: number): void {
    const path = this.#save(p, title, execs);
    const r = this.#run(p, true);
    const switches = contextSwitches();
    const report = path.replace(/\.txt$/, ".report");
    atomicFiles.write(report, reportOf(this.job, p, [path, report]));
    this.titles.push(title);
    if (this.code === 0) this.code = 77;
    if (r.outcome.oops!.kind.name === "lockup") {
      this.code = 70;
      this.say({ event: "hang", file: path, title });
    }
    this.say({
      event: "crash",
      title,
      file: path,
      report,
      execs_to_find: execs,
      ops: runOps(p),
      switches,
      cpus: p.cpus,
      command: replayCommand(this.job, path),
    });
  }
}
