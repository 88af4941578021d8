/**
 * The shard's part of `fuzz --machine free`: all CPUs run in parallel.
 *
 * Nothing decides the interleaving, so no finding can be replayed here. A lockstep machine gets the
 * program of each finding, and searches for the same title.
 *
 * @module
 */
import { countsOf, publish } from "./counts.ts";
import { OURS } from "./findings.ts";
import type { JobContext } from "./job_context.ts";
import { stopper } from "./stopper.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { FuzzJob } from "../protocol/jobs.ts";
import { Campaign } from "../../engine/campaign/campaign.ts";
import { strategyNamed } from "../../engine/strategies/all.ts";
import { unpackProgram } from "../../prog/pack.ts";
import { printProgram } from "../../prog/print.ts";

/** A title and the program that showed it. */
export interface Candidate {
  readonly title: string;
  readonly text: string;
}

/** Run until the bound, and pass on every finding. */
export function fuzzFree(
  job: FuzzJob,
  { board, executor, say, spec }: JobContext,
  found: (c: Candidate) => void,
): ExitCode {
  const stop = stopper(job.maxMs, board);
  let code: ExitCode = EXIT.ok;
  const campaign = new Campaign(executor, spec, {
    seed: BigInt(job.seed),
    shard: job.shard,
    cpus: job.cpus,
    preempt: job.preempt,
    strategy: strategyNamed(job.strategy)!,
    maxExecs: job.maxExecs ?? Number.MAX_SAFE_INTEGER,
  }, {
    stop: stop.stop,
    onFinding(title) {
      const { fault, text: why } = executor.outcome().found!;
      if (fault === "mistake" || fault === "exception") {
        code = fault === "mistake" ? EXIT.usage : EXIT.internal;
        say({ event: "error", message: fault === "mistake" ? why : `${OURS}\n${why}`, code });
        stop.now();
      }
      if (fault !== "kernel") return 0;
      const text = printProgram({
        ...unpackProgram(executor.program, spec),
        title,
        target: job.target,
      });
      found({ title, text });
      if (job.exitOnCrash) stop.now();
      return 0;
    },
    onExecution: (c) => publish(c, board),
  });
  const start = performance.now();
  campaign.fuzz();
  // Each CPU counts its own points; there is no sum.
  say({ event: "pulse", ...countsOf(campaign, start), points: 0, switches: 0, phase: "search" });
  return code;
}
