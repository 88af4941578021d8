/**
 * The shard's part of `bench`.
 *
 * @module
 */
import type { Assembled } from "./assemble.ts";
import type { BenchJob, ShardEvent } from "./jobs.ts";
import { bench } from "../engine/bench.ts";
import { strategyNamed } from "../engine/strategies/all.ts";
import { specOf } from "../prog/target.ts";

/** Measure with each number of CPUs. */
export function benchmark(job: BenchJob, machine: Assembled, say: (e: ShardEvent) => void): number {
  const spec = specOf(machine.target);
  let execs = 0;
  for (const cpus of job.benchCpus) {
    const r = bench(spec, {
      cpus,
      preempt: job.preempt,
      strategy: strategyNamed("pct")!,
      ms: job.seconds * 1000,
      now: () => performance.now(),
    });
    execs += r.execs_per_sec;
    say({ event: "bench", name: `${machine.target.name} ${cpus} CPUs`, ...r });
  }
  say({
    event: "done",
    execs: Math.round(execs),
    execs_per_sec: 0,
    points: 0,
    switches: 0,
    features: 0,
    titles: [],
  });
  return 0;
}
