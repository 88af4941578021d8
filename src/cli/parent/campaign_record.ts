/**
 * What a campaign did so far, for its page and for its file.
 *
 * @module
 */
import type {
  CampaignData,
  CampaignFinding,
  CoverageData,
  Sample,
  ShardDeath,
  ShardState,
} from "../../page/campaign_data.ts";
import type { FuzzJob, ShardEvent } from "../protocol/jobs.ts";
import { StrategyCounts } from "./strategy_counts.ts";
import { Tally } from "./tally.ts";

/** Samples that are kept: when there are more, every second one goes. */
const SAMPLES_MAX = 400;

/** What the campaign runs on. */
function environment(): Record<string, string> {
  const { arch, os } = Deno.build;
  const { deno, v8 } = Deno.version;
  return {
    Deno: deno,
    V8: v8,
    System: `${os} ${arch}`,
    Cores: String(navigator.hardwareConcurrency),
  };
}

/** A share of CPU time with two digits; null if it is not known. */
function shareOf(share: number | undefined): number | null {
  return share === undefined || Number.isNaN(share) ? null : Math.round(100 * share) / 100;
}

/** Collects the events of all shards. */
export class CampaignRecord {
  readonly #job: FuzzJob;
  readonly #flags: Readonly<Record<string, unknown>>;
  readonly #environment = environment();
  readonly #now: () => number;
  readonly #began: number;
  readonly #tally = new Tally();
  readonly #strategies = new StrategyCounts();
  readonly #deaths = new Map<number, ShardDeath[]>();
  readonly #cpuShares = new Map<number, number>();
  readonly #findings = new Map<string, CampaignFinding>();
  readonly #hangs = new Map<string, string | null>();
  #samples: Sample[] = [];
  #stride = 1;
  #skipped = 0;
  #isOver = false;
  #coverage: CoverageData | null = null;

  constructor(
    job: FuzzJob,
    flags: Readonly<Record<string, unknown>>,
    now: () => number = () => performance.now(),
  ) {
    this.#job = job;
    this.#flags = flags;
    this.#now = now;
    this.#began = now();
  }

  /** Take one event of a shard; true if it is a finding that was not there before. */
  event(e: ShardEvent, shard: number): boolean {
    switch (e.event) {
      case "status":
      case "pulse":
        this.#tally.update(shard, e);
        this.#strategies.update(shard, e.strategies ?? {});
        if (e.event === "status") this.#cpuShares.set(shard, e.cpu_share ?? NaN);
        // With a bound of executions only what does not depend on time may be kept.
        if (e.event === "pulse" || this.#job.maxExecs === null) this.#sample();
        return false;
      case "done":
        this.#tally.done(shard, e);
        this.#sample();
        return false;
      case "hang":
        this.#hangs.set(e.title, e.file);
        return true;
      case "crash": {
        if (this.#findings.has(e.file)) return false;
        const { cause, command, cpus, execs_to_find, file, known, ops, page, switches, title } = e;
        const size = { cpus, ops, switches };
        const execsToFind = execs_to_find;
        this.#findings.set(file, {
          title,
          cause,
          known,
          file,
          page,
          execsToFind,
          ...size,
          command,
        });
        return true;
      }
      default:
        return false;
    }
  }

  /** A shard died, and a new one takes its place. */
  died(shard: number, { execs, of }: ShardDeath): void {
    this.#deaths.set(shard, [...this.#deaths.get(shard) ?? [], { of, execs }]);
    this.#cpuShares.delete(shard);
    this.#strategies.retire(shard);
    this.#tally.retire(shard);
  }

  /** What the kept inputs cover. */
  covered(coverage: CoverageData): void {
    this.#coverage = coverage;
  }

  /** No shard runs any more. */
  over(): void {
    this.#isOver = true;
  }

  /** What is known now. */
  get data(): CampaignData {
    const { cpus, kernel, machine, preempt, seed, strategy, target } = this.#job;
    const { execs, execs_per_sec, features, points, switches } = this.#tally.sum;
    return {
      target,
      kernel,
      seed,
      cpus,
      preempt,
      strategy,
      machine,
      flags: this.#flags,
      environment: this.#environment,
      samples: this.#samples,
      findings: [...this.#findings.values()],
      // A hang at points has a title like any crash.
      hangs: [...this.#hangs].map(([title, file]) => ({ title, file }))
        .filter(({ file }) => file === null || !this.#findings.has(file)),
      shards: Array.from({ length: this.#job.shards }, (_, shard) => this.#shard(shard)),
      execs,
      execsPerSec: execs_per_sec,
      features,
      points,
      switches,
      isOver: this.#isOver,
      coverage: this.#coverage,
    };
  }

  /**
   * The same as a file keeps it, without the coverage, which can be computed again; and of a campaign that is bounded by executions nothing that depends on
   * time, so that the same seed writes the same file.
   */
  get lasting(): CampaignData {
    const data: CampaignData = { ...this.data, coverage: null };
    if (this.#job.maxExecs === null) return data;
    const samples = data.samples.map((s) => ({ ...s, seconds: null, execsPerSec: null }));
    const shards = data.shards.map((s) => ({
      ...s,
      execsPerSec: null,
      rssMb: null,
      cpuShare: null,
    }));
    return { ...data, samples, shards, execsPerSec: null };
  }

  #shard(shard: number): ShardState {
    const { execs, execs_per_sec, features, phase, queue, rss_mb } = this.#tally.of(shard);
    return {
      shard,
      phase,
      execs,
      execsPerSec: Math.round(execs_per_sec),
      features,
      queue,
      rssMb: Math.round(rss_mb),
      cpuShare: shareOf(this.#cpuShares.get(shard)),
      deaths: this.#deaths.get(shard) ?? [],
    };
  }

  #sample(): void {
    if (++this.#skipped < this.#stride) return;
    this.#skipped = 0;
    const { execs, execs_per_sec, features, queue } = this.#tally.sum;
    const strategies = this.#strategies.sum;
    const seconds = Math.round((this.#now() - this.#began) / 100) / 10;
    this.#samples = [
      ...this.#samples.filter((s) => s.execs < execs),
      { seconds, execs, execsPerSec: execs_per_sec, features, queue, strategies },
    ];
    if (this.#samples.length <= SAMPLES_MAX) return;
    this.#samples = this.#samples.filter((_, i) => i % 2 === 1);
    this.#stride *= 2;
  }
}
