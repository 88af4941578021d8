/**
 * The shard's part of `bench`.
 *
 * @module
 */
import process from "node:process";
import { done, type JobContext } from "./job_context.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { BenchJob } from "../protocol/jobs.ts";
import { bench, speed } from "../../engine/bench.ts";
import { STRATEGIES } from "../../engine/strategies/all.ts";

/**
 * CPU time of this process in milliseconds. All CPUs of the machine share one core, so on a quiet
 * core this is the time that passes. On a busy core it is still the cost of the loop.
 */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Measure for each number of CPUs. */
export function benchmark(job: BenchJob, context: JobContext): ExitCode {
  const { executor, say, spec, target } = context;
  let execs = 0;
  for (const cpus of job.benchCpus) {
    const options = {
      executor,
      cpus,
      preempt: job.preempt,
      strategy: STRATEGIES[0],
      ms: job.seconds * 1000,
      now: cpuMs,
    };
    if (job.cost !== undefined) {
      const s = speed(spec, options, target.benchmark);
      say({ event: "cost", sanitizers: job.cost, cpus, ...s });
      continue;
    }
    const r = bench(spec, options, target.benchmark);
    execs += r.execs_per_sec;
    say({ event: "bench", name: `${target.name} ${cpus} CPUs`, ...r });
  }
  say(done({ execs: Math.round(execs) }));
  return EXIT.ok;
}
