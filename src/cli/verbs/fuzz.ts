/**
 * `fuzz`: starts the shards, and prints each title that they find once.
 *
 * @module
 */
import {
  commonJob,
  type Context,
  coresFor,
  DEFAULT_KERNEL,
  expectNoArguments,
} from "../parent/context.ts";
import { campaignPath, writeCampaign } from "../parent/campaign_file.ts";
import { CampaignRecord } from "../parent/campaign_record.ts";
import type { Output } from "../parent/output.ts";
import { EXIT, fuzzExitCode } from "../protocol/exit_code.ts";
import { type FlagName, flagNamed, flagsOf } from "../flags/flags.ts";
import { bugsFixed } from "../parent/fixes.ts";
import { FuzzReport } from "../parent/fuzz_report.ts";
import type { FuzzJob, Machine, ShardEvent, Sync } from "../protocol/jobs.ts";
import type { Request } from "../flags/parse_flags.ts";
import { knownFolders } from "../parent/known_folders.ts";
import { makeWritable } from "../parent/paths.ts";
import { SeedCheck } from "../parent/seed_check.ts";
import { DeadlyInputs } from "../parent/deadly_inputs.ts";
import type { Death } from "../parent/life.ts";
import type { Bound } from "../flags/read_values.ts";
import { UsageError } from "../flags/usage.ts";
import { surroundingsOf } from "../parent/surroundings.ts";
import { Supervisor, type Work } from "../parent/supervisor.ts";
import { count } from "../parent/tally.ts";
import type { TargetSpec } from "../../prog/types.ts";
import { loadTarget, nameTarget } from "../parent/targets.ts";

const DEFAULT_TARGET = "objcg";
const DEFAULT_CPUS = 3;
const DEFAULT_BOUND: Bound = { ms: 60_000 };

/** A random seed of 53 bits, which JSON can hold as a number. */
function randomSeed(): string {
  const [word] = crypto.getRandomValues(new BigUint64Array(1));
  return (word >> 11n).toString();
}

/** The directory that campaigns share, and the folder of this one in it, as the flags say. */
function syncOf({ values }: Request, fallback: string): FuzzJob["sync"] {
  const { hub, name, sync: dir } = values;
  // The worker of a hub says where its campaigns are kept.
  if (hub !== undefined) return null;
  if (dir === undefined) {
    if (name === undefined) return null;
    throw new UsageError("Cannot use --name: it names a folder in the directory of --sync");
  }
  if (values.machine === "free") {
    throw new UsageError("Cannot use --sync with --machine free, which keeps no inputs");
  }
  const other = (["corpus", "artifacts"] as const).find((flag) => values[flag] !== undefined);
  if (other !== undefined) {
    throw new UsageError(
      `Cannot use --${other} with --sync: the corpus of a campaign is its folder in that directory`,
    );
  }
  return { dir: dir.replace(/\/+$/, ""), name: name ?? fallback, features: false };
}

/** Where a campaign is kept, and what is found already. */
export interface Place {
  readonly sync: Sync;
  /** Titles that are not followed up again. */
  readonly saved: readonly string[];
}

/**
 * The job that all shards share, with all defaults filled in. Without a place, flags say where it is
 * kept.
 */
async function plan(request: Request, { known }: Context, place: Place | null) {
  const { values } = request;
  const target = await nameTarget(values.target ?? DEFAULT_TARGET);
  const bound = values.for ?? DEFAULT_BOUND;
  // Free-running CPUs need a core each; a second shard would compete with them.
  const cores = values.machine === "free" ? 1 : navigator.hardwareConcurrency;
  const wanted = values.shards ?? cores;
  const kernel = values.kernel ?? DEFAULT_KERNEL;
  const seed = values.seed ?? randomSeed();
  const sync = place?.sync ?? syncOf(request, `${target.name}-${kernel}-${seed}`);
  const corpusDir = sync ? `${sync.dir}/${sync.name}` : values.corpus ?? `corpus/${target.name}`;
  const artifactsDir = values.artifacts ?? `${corpusDir}/crashes`;
  const common = commonJob(request, known, kernel);
  const job: FuzzJob = {
    verb: "fuzz",
    kernel,
    ...common,
    target: target.name,
    targetUrl: target.url,
    cpus: values.cpus ?? DEFAULT_CPUS,
    preempt: values.preempt!,
    seed,
    shard: 0,
    generation: 0,
    saved: place?.saved ?? [],
    since: Date.now(),
    // A shard without an execution would start for nothing.
    shards: "execs" in bound ? Math.min(wanted, bound.execs) : wanted,
    maxExecs: "execs" in bound ? bound.execs : null,
    maxMs: "ms" in bound ? bound.ms : null,
    strategy: values.strategy!,
    machine: values.machine!,
    corpusDir,
    artifactsDir,
    exitOnCrash: values["exit-on-crash"] ?? false,
    known: knownFolders(target.name, corpusDir),
    countKnown: values["count-known"] ?? false,
    profile: values.profile ?? false,
    readCorpus: values.corpus !== undefined || sync !== null,
    sync,
    // Findings of free-running CPUs are searched for in lockstep, without the checks at every point.
    surroundings: surroundingsOf(
      { ...common, everyStep: common.everyStep && values.machine !== "free" },
      target,
      request,
      `${artifactsDir}/x.txt`,
    ),
  };
  return { job, bound };
}

/** The work of each shard. Executions are divided as evenly as possible. */
function divide(job: FuzzJob): Work[] {
  const { shards, maxExecs, corpusDir, artifactsDir } = job;
  return Array.from({ length: shards }, (_, shard) => {
    const share = maxExecs === null
      ? null
      : Math.floor(maxExecs / shards) + (shard < maxExecs % shards ? 1 : 0);
    return { job: { ...job, shard, maxExecs: share }, writable: [corpusDir, artifactsDir] };
  });
}

/**
 * What a new shard does after another died: the rest of its work, with random numbers of its own.
 * It goes on from the queue that this campaign has saved, and does not follow up again what was
 * saved.
 */
function restOf({ job, writable }: Work, { execs, generations, ms, titles }: Death): Work | null {
  if (job.verb !== "fuzz") return null;
  const maxExecs = job.maxExecs === null ? null : job.maxExecs - execs;
  const maxMs = job.maxMs === null ? null : job.maxMs - ms;
  if ((maxExecs ?? 1) <= 0 || (maxMs ?? 1) <= 0) return null;
  const saved = [...job.saved, ...titles];
  return { job: { ...job, maxExecs, maxMs, generation: generations, saved }, writable };
}

/** The flags in force, for the `start` event, in the order of the table of flags. */
function effectiveFlags(job: FuzzJob, request: Request): Record<string, unknown> {
  const resolved: Partial<Record<FlagName, unknown>> = {
    kernel: job.kernel,
    target: job.target,
    cpus: job.cpus,
    seed: seedValue(job.seed),
    for: job.maxExecs === null ? `${job.maxMs! / 1000}s` : `${job.maxExecs}x`,
    shards: job.shards,
    corpus: job.corpusDir,
    artifacts: job.artifactsDir,
    "hang-timeout": `${job.hangMs / 1000}s`,
  };
  const flags: Record<string, unknown> = {};
  for (const name of flagsOf("fuzz")) {
    const value = resolved[name] ?? request.values[name];
    if (flagNamed(name).metavar !== null && value !== undefined) flags[name] = value;
    else if (value === true) flags[name] = true;
  }
  return flags;
}

/** A number, unless JSON would round it. */
function seedValue(seed: string): number | string {
  return Number.isSafeInteger(Number(seed)) ? Number(seed) : seed;
}

/** The checks that flags leave on and that cannot run when all CPUs run in parallel. */
function offWhenFree({ without, everyStep }: FuzzJob, { known }: Context): string[] {
  const names = known.sanitizers.filter((s) => !s.free && !without.includes(s.name))
    .map(({ name }) => name);
  return everyStep ? [...names, "--every-step"] : names;
}

/** The fixes that are in place, for the first line. */
function fixesText({ values }: Request, kernel: string): string {
  const bugs = bugsFixed(values, kernel);
  return bugs.length === 0 ? "" : ` with the fixes of ${bugs.join(", ")}`;
}

/** What a campaign runs on, in words. */
const MACHINES: Readonly<Record<Machine, string>> = {
  scout: "scout (fibers try, Workers judge)",
  lockstep: "lockstep (Workers)",
  fibers: "fibers (Workers judge findings)",
  free: "free (Workers in parallel)",
};

/** Somebody who watches a campaign. */
export interface Watcher {
  /** Say where the campaign is kept; else the flags do. */
  place?(job: FuzzJob, spec: TargetSpec): Promise<Place>;
  /** The campaign begins; `record` has what it did at any time, and `stop` ends it. */
  begin(record: CampaignRecord, stop: () => void, job: FuzzJob): void;
  /** A shard said something. */
  heard?(event: ShardEvent): void;
  /** No shard runs any more; without patience nobody wants to wait for anything. */
  settle?(isPatient: boolean): Promise<void>;
  /** The campaign is over. */
  end(): Promise<void>;
}

/** Milliseconds between two writes of the file of a campaign, besides those for findings. */
const WRITE_MS = 10_000;

/** Keeps the file of a campaign up to date. */
class Keeper {
  readonly #path: string;
  readonly #record: CampaignRecord;
  readonly #output: Output;
  readonly #isTimed: boolean;
  #written = performance.now();
  #refused = false;

  constructor(job: FuzzJob, record: CampaignRecord, output: Output) {
    this.#path = campaignPath(job.artifactsDir, job.seed);
    this.#record = record;
    this.#output = output;
    this.#isTimed = job.maxExecs === null;
  }

  /** Write the file if there is a finding, or if it was not written for long. */
  update(isNew: boolean): void {
    const isDue = this.#isTimed && performance.now() - this.#written >= WRITE_MS;
    if (isNew || isDue) this.write();
  }

  write(): void {
    if (this.#refused) return;
    this.#written = performance.now();
    const why = writeCampaign(this.#path, this.#record.lasting);
    if (why === null) return;
    this.#refused = true;
    this.#output.note(`Cannot write "${this.#path}": ${why}; the campaign goes on`);
  }
}

/** The plan, after the watcher has said where the campaign is kept. */
async function planned(request: Request, context: Context, watcher: Watcher | null) {
  const first = await plan(request, context, null);
  if (watcher?.place === undefined) return first;
  const { spec } = await loadTarget(request.values.target ?? DEFAULT_TARGET);
  return await plan(request, context, await watcher.place(first.job, spec));
}

/** Run a campaign, and let somebody watch it. */
export async function runCampaign(
  request: Request,
  context: Context,
  watcher: Watcher | null,
): Promise<number> {
  expectNoArguments(request);
  const { output } = context;
  const { job, bound } = await planned(request, context, watcher);
  const { target } = request.values;
  const seeds = new SeedCheck({ corpusDir: job.corpusDir, target }, context.known);
  if (job.readCorpus) await seeds.end();
  makeWritable([job.corpusDir, job.artifactsDir]);
  const flags = effectiveFlags(job, request);
  const { kernel, cpus, strategy } = job;
  const start = { event: "start", kernel, seed: seedValue(job.seed), cpus, strategy, flags };
  output.event(start);
  output.note(
    `Fuzzing ${job.target} on ${kernel}${fixesText(request, kernel)}: seed ${job.seed}, ${
      count(cpus, "CPU")
    }, ` +
      `preempt ${job.preempt}, strategy ${strategy}, machine ${MACHINES[job.machine]}, ` +
      `${count(job.shards, "shard")}, for ${flags.for}`,
  );
  const off = job.machine === "free" ? offWhenFree(job, context) : [];
  if (off.length > 0) {
    output.note(`Off with --machine free: ${off.join(", ")}`);
  }
  const deadly = new DeadlyInputs();
  const report = new FuzzReport(output, {
    exact: "execs" in bound,
    shards: job.shards,
    verbose: request.values.verbose ?? false,
    countKnown: job.countKnown,
  });
  const record = new CampaignRecord(job, flags);
  const keeper = new Keeper(job, record, output);
  const supervisor = new Supervisor(divide(job), {
    parallel: job.shards,
    cores: coresFor(output),
    output,
    script: context.script,
    revive(work, death) {
      report.retire((work.job as FuzzJob).shard);
      record.died((work.job as FuzzJob).shard, death);
      if (death.input !== null) deadly.died(death.input, work.job as FuzzJob, output);
      return restOf(work, death);
    },
    onEvent(event, shard, all) {
      keeper.update(record.event(event, shard));
      watcher?.heard?.(event);
      if (event.event === "status") seeds.reported(job.shards, () => all.stop());
      const isNew = report.event(event, shard);
      if (isNew && job.exitOnCrash) all.stop();
    },
  });
  watcher?.begin(record, () => supervisor.stop(), job);
  const result = await supervisor.supervise();
  // If a shard failed because the target cannot be loaded, this says so.
  if (result.failure === EXIT.internal) await loadTarget(request.values.target ?? DEFAULT_TARGET);
  await watcher?.settle?.(!result.interrupted && result.failure === null);
  record.over();
  if (result.failure !== EXIT.usage) keeper.write();
  await watcher?.end();
  // A run that failed at its start has nothing to sum up.
  if (result.failure !== EXIT.usage) report.done();
  if (result.failure === null && !result.interrupted) await seeds.end();
  // A run with a file that could not be written is incomplete, although its content was printed.
  const failure = result.failure ?? (report.unwritten ? EXIT.usage : null);
  return fuzzExitCode({ ...result, failure, titles: report.counted });
}
