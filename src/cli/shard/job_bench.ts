/**
 * The shard's part of `bench`.
 *
 * @module
 */
import process from "node:process";
import type { Assembled } from "./assemble.ts";
import type { BenchJob, ShardEvent } from "../protocol/jobs.ts";
import { bench, speed } from "../../engine/bench.ts";
import { STRATEGIES } from "../../engine/strategies/all.ts";
import { specOf } from "../../prog/target.ts";

/**
 * CPU time of this process in milliseconds: all CPUs of the machine share one core, so alone on it
 * that is the time that passes, and beside others it still is what the loop costs.
 */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Measure with each number of CPUs. */
export function benchmark(job: BenchJob, machine: Assembled, say: (e: ShardEvent) => void): number {
  const spec = specOf(machine.target);
  let execs = 0;
  for (const cpus of job.benchCpus) {
    const options = {
      cpus,
      preempt: job.preempt,
      strategy: STRATEGIES[0],
      ms: job.seconds * 1000,
      now: cpuMs,
    };
    if (job.cost !== undefined) {
      const s = speed(spec, options, machine.target.benchmark);
      say({ event: "cost", sanitizers: job.cost, cpus, ...s });
      continue;
    }
    const r = bench(spec, options, machine.target.benchmark);
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
