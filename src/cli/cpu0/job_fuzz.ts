/**
 * The shard's part of `fuzz`: a campaign, and the follow-up of its findings.
 *
 * @module
 */
import { countsOf, publish } from "./counts.ts";
import { Exchange } from "./exchange.ts";
import { Findings, watchedFiles } from "./findings.ts";
import { NewFeatures } from "./new_features.ts";
import { done, type JobContext } from "./job_context.ts";
import { stopper } from "./stopper.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { tolerantFiles } from "../files/tolerant_files.ts";
import type { ExitCode } from "../protocol/exit_code.ts";
import { withFeatures } from "../protocol/feature_line.ts";
import type { FuzzJob } from "../protocol/jobs.ts";
import { Campaign } from "../../engine/campaign/campaign.ts";
import { load } from "../../engine/inputs/input.ts";
import { type Files, queuePath } from "../../engine/triage/store.ts";
import { strategyNamed } from "../../engine/strategies/all.ts";
import { parseProgram } from "../../prog/parse.ts";
import { packProgram, unpackNumeric, unpackProgram } from "../../prog/pack.ts";
import { PROGRAM_WORDS } from "../../prog/layout.ts";
import { printProgram } from "../../prog/print.ts";
import type { Target } from "../../prog/target.ts";
import type { Program, TargetSpec } from "../../prog/types.ts";

/** The input that the executor holds, as text for the queue. */
function queueText(job: FuzzJob, { executor, spec }: JobContext): string {
  const p = unpackProgram(executor.program, spec);
  return printProgram({
    ...p,
    title: "queue entry",
    target: job.target,
    targetFile: job.surroundings.targetFile,
    schedule: unpackNumeric(executor.schedule, p.cpus),
  });
}

/** Whether a file of the queue was written by a shard of this campaign that this one replaces. */
function isInherited(path: string, job: FuzzJob): boolean {
  if (job.generation === 0) return false;
  return (Deno.statSync(path).mtime?.getTime() ?? 0) >= job.since;
}

/**
 * Returns a function that loads the inputs of earlier campaigns and of shards that died, one per call.
 */
function earlierInputs(job: FuzzJob, context: JobContext): () => Program | null {
  const seeds = job.readCorpus ? atomicFiles.list(`${job.corpusDir}/seeds`) : [];
  const queue = atomicFiles.list(`${job.corpusDir}/queue`);
  const own = job.readCorpus ? queue : queue.filter((f) => isInherited(f, job));
  return inputsIn([...job.review?.files ?? [], ...seeds, ...own], job, context);
}

/** Returns a function that loads the inputs of files that this kernel can run, one per call. */
function inputsIn(
  paths: readonly string[],
  job: FuzzJob,
  { executor, spec }: JobContext,
): () => Program | null {
  const files = [...paths];
  return () => {
    for (let f = files.shift(); f !== undefined; f = files.shift()) {
      const { program: read } = parseProgram(atomicFiles.read(f) ?? "", f, [spec]);
      if (read === null || read.cpus > job.cpus) continue;
      const program = { ...read, preempt: job.review?.preempt ?? read.preempt };
      if (load(executor, program, spec).length > 0) continue;
      return program;
    }
    return null;
  };
}

/** The fixed program of a target, if it has one; then only schedules are searched. */
function fixedProgram(target: Target, spec: TargetSpec): Int32Array | undefined {
  if (target.program === undefined) return undefined;
  const { program, errors } = parseProgram(target.program, `program of ${target.name}`, [spec]);
  if (program === null) throw new Error(errors.map(String).join("\n"));
  const words = new Int32Array(PROGRAM_WORDS);
  packProgram(program, spec, words);
  return words;
}

/** Save the input that the executor holds for later campaigns, unless there is a file already. */
function keep(
  job: FuzzJob,
  context: JobContext,
  files: Files,
  exchange: Exchange | null,
  features: readonly number[] | null,
): void {
  const plain = queueText(job, context);
  const text = features === null ? plain : withFeatures(plain, features);
  const path = queuePath(`${job.corpusDir}/queue`, text);
  exchange?.wrote(path);
  // Not lasting: the first second brings hundreds of inputs, and none of them is a finding.
  if (files.read(path) === null) files.write(path, text, false);
}

/** Whether an error is the system's, such as a full disk. */
function isOfSystem(e: unknown): boolean {
  return !(e instanceof Error) || e.name in Deno.errors;
}

/** The exchange with other campaigns, if the user asked for one. */
function exchangeOf(job: FuzzJob, { say, spec }: JobContext): Exchange | null {
  const { cpus, surroundings, sync } = job;
  return sync && new Exchange({
    ...sync,
    spec,
    cpus,
    surroundings,
    files: atomicFiles,
    onBad: (path, reason) => say({ event: "unreadable", path, reason }),
    onNews: (inputs, campaigns) => say({ event: "sync", inputs, campaigns }),
  });
}

/** Run the inputs of other campaigns, as long as there are any. */
function takeOver(campaign: Campaign, exchange: Exchange, { executor, spec }: JobContext): void {
  exchange.look(campaign.execs);
  campaign.seedWith(() => {
    for (let p = exchange.next(); p !== null; p = exchange.next()) {
      if (load(executor, p, spec).length === 0) return p;
    }
    return null;
  });
}

/** The event at the end of a campaign. */
function endOf(
  campaign: Campaign,
  { titles }: Findings,
  start: number,
  passages: { passages?: ReturnType<Campaign["passages"]["all"]> },
): ReturnType<typeof done> {
  const { execs, execs_per_sec, points, switches, features } = countsOf(campaign, start);
  return done({ execs, execs_per_sec, points, switches, features, titles, ...passages });
}

/** What the campaign does. */
function settingsOf(job: FuzzJob, { spec, target }: JobContext) {
  return {
    seed: BigInt(job.seed),
    // A shard that takes the place of a dead one draws other numbers than that one did.
    shard: job.shard + job.generation * job.shards,
    cpus: job.cpus,
    preempt: job.preempt,
    strategy: strategyNamed(job.strategy)!,
    maxExecs: job.maxExecs ?? Number.MAX_SAFE_INTEGER,
    fixed: fixedProgram(target, spec),
  };
}

/** Run the campaign; returns the shard's exit code. */
export function fuzz(job: FuzzJob, context: JobContext): ExitCode {
  const { board, executor, say, spec } = context;
  const stop = stopper(job.maxMs, board);
  const findings = new Findings(job, context, stop.stop);
  const exchange = exchangeOf(job, context);
  const newFeatures = job.sync?.features ? new NewFeatures(executor.coverage) : null;
  let phase: "earlier" | "others" | "own" = "earlier";
  let isFull = false;
  const queueFiles = watchedFiles(
    board,
    tolerantFiles(atomicFiles, (path, reason) => {
      isFull = true;
      say({ event: "unwritten", path, reason, text: null });
    }),
  );
  const start = performance.now();
  const isOver = () => stop.stop() || findings.isOver;
  const isInterrupted = () =>
    findings.arePagesDue(campaign.execs) || (exchange?.isDue(campaign.execs) ?? false);
  const campaign: Campaign = new Campaign(executor, spec, settingsOf(job, context), {
    stop: () => isOver() || (phase === "own" && isInterrupted()),
    onFinding: (title, execs, fromFile) => {
      const used = findings.add(title, execs, fromFile);
      // What an input with a finding shows is not new with the one that is kept next.
      newFeatures?.take();
      if (job.exitOnCrash && findings.counted > 0) stop.now();
      return used;
    },
    isKnown: (title) => findings.isKnown(title),
    onNovel() {
      const news = newFeatures?.take() ?? null;
      // What another campaign has in its queue stays there.
      if (isFull || phase === "others" || job.review !== undefined) return;
      keep(job, context, queueFiles, exchange, news);
    },
    onExecution: (c) => publish(c, board),
    onPulse: (c) => say({ event: "pulse", ...countsOf(c, start) }),
  });
  for (const title of job.saved) campaign.titles.set(title, 1);
  try {
    campaign.seedWith(earlierInputs(job, context));
    const { files, around } = job.review ?? { files: [], around: 0 };
    campaign.around(inputsIn(files, job, context), around);
    while (!isOver() && !campaign.isComplete && !job.review?.isAll) {
      phase = "others";
      if (exchange !== null) takeOver(campaign, exchange, context);
      phase = "own";
      campaign.fuzz();
      if (findings.arePagesDue(campaign.execs)) findings.writePages();
    }
    findings.writePages();
  } catch (e) {
    if (isOfSystem(e)) throw e;
    findings.broken(e as Error, campaign.execs);
  }
  const passages = job.review === undefined ? {} : { passages: campaign.passages.all() };
  say(endOf(campaign, findings, start, passages));
  return findings.code;
}
