/**
 * The shard's part of `fuzz`: a campaign, and the follow-up of what it finds.
 *
 * @module
 */
import type { Assembled } from "./assemble.ts";
import { FollowUp } from "./follow_up.ts";
import { stopper } from "./stopper.ts";
import { atomicFiles } from "../protocol/files.ts";
import type { FuzzJob, ShardEvent } from "../protocol/jobs.ts";
import * as arena from "../../machine/words/arena.ts";
import { Campaign } from "../../engine/campaign/campaign.ts";
import { load } from "../../engine/inputs/input.ts";
import { queuePath } from "../../engine/triage/store.ts";
import { strategyNamed } from "../../engine/strategies/all.ts";
import { parseProgram } from "../../prog/parse.ts";
import { packProgram, unpackNumeric, unpackProgram } from "../../prog/pack.ts";
import { PROGRAM_WORDS } from "../../prog/layout.ts";
import { printProgram } from "../../prog/print.ts";
import { specOf, type Target } from "../../prog/target.ts";
import type { Program, TargetSpec } from "../../prog/types.ts";

const { prog, sched } = arena;

/** The input in the arena as text, for the queue. */
function queueText(job: FuzzJob, spec: TargetSpec): string {
  const p = unpackProgram(prog, spec);
  return printProgram({
    ...p,
    title: "queue entry",
    target: job.target,
    schedule: unpackNumeric(sched, p.cpus),
  });
}

/** Loads the inputs of earlier campaigns one by one. */
function earlierInputs(job: FuzzJob, spec: TargetSpec): () => Program | null {
  const files = job.readCorpus
    ? [...atomicFiles.list(`${job.corpusDir}/seeds`), ...atomicFiles.list(`${job.corpusDir}/queue`)]
    : [];
  return () => {
    for (let f = files.shift(); f !== undefined; f = files.shift()) {
      const { program } = parseProgram(atomicFiles.read(f) ?? "", f, [spec]);
      if (program === null || program.cpus > job.cpus) continue;
      if (load(program, spec).length > 0) continue;
      return program;
    }
    return null;
  };
}

/** The program of a target that brings its own: only its schedules are searched. */
function fixedProgram(target: Target, spec: TargetSpec): Int32Array | undefined {
  if (target.program === undefined) return undefined;
  const { program, errors } = parseProgram(target.program, `program of ${target.name}`, [spec]);
  if (program === null) throw new Error(errors.map(String).join("\n"));
  const words = new Int32Array(PROGRAM_WORDS);
  packProgram(program, spec, words);
  return words;
}

/** Run the campaign; returns the shard's exit code. */
export function fuzz(job: FuzzJob, machine: Assembled, say: (e: ShardEvent) => void): number {
  const spec = specOf(machine.target);
  const stop = stopper(job.maxMs);
  const follow = new FollowUp(job, spec, say, stop.stop);
  const start = performance.now();
  const campaign = new Campaign(spec, {
    seed: BigInt(job.seed),
    shard: job.shard,
    cpus: job.cpus,
    preempt: job.preempt,
    strategy: strategyNamed(job.strategy)!,
    maxExecs: job.maxExecs ?? Number.MAX_SAFE_INTEGER,
    fixed: fixedProgram(machine.target, spec),
  }, {
    stop: () => stop.stop() || follow.over,
    onFinding: (title, execs, known) => {
      const used = follow.finding(title, execs, known);
      if (job.exitOnCrash && follow.titles.length > 0) stop.now();
      return used;
    },
    onNovel: () => {
      const text = queueText(job, spec);
      const path = queuePath(`${job.corpusDir}/queue`, text);
      if (atomicFiles.read(path) === null) atomicFiles.write(path, text);
    },
    onPulse: (c) => say({ event: "pulse", ...counts(c, start) }),
  });
  campaign.seedWith(earlierInputs(job, spec));
  campaign.run();
  const c = counts(campaign, start);
  say({
    event: "done",
    execs: c.execs,
    execs_per_sec: c.execs_per_sec,
    points: c.points,
    switches: c.switches,
    features: c.features,
    titles: follow.titles,
  });
  return follow.code;
}

function counts(c: Campaign, start: number) {
  return {
    execs: c.execs,
    execs_per_sec: Math.round(c.execs * 1000 / Math.max(1, performance.now() - start)),
    points: c.points,
    switches: c.switches,
    features: c.features,
    queue: c.queue.entries.length,
    crashes: c.titles.size,
    phase: "fuzz",
    rss_mb: Math.round(Deno.memoryUsage().rss / (1 << 20)),
  };
}
