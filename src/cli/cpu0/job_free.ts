/**
 * The shard's part of `fuzz --machine free`: all CPUs really run in parallel.
 *
 * Nothing decides the interleaving, so nothing can be replayed here; what is found goes to a
 * lockstep machine, which searches for the same title with the same program.
 *
 * @module
 */
import { countsOf, publish } from "./counts.ts";
import type { JobContext } from "./job_context.ts";
import { stopper } from "./stopper.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { FuzzJob } from "../protocol/jobs.ts";
import { KEEP_GOING, ROUNDS } from "../../machine/layout/free.ts";
import { views } from "../../machine/words/arena.ts";
import { readOops } from "../../machine/findings/oops.ts";
import { Campaign } from "../../engine/campaign/campaign.ts";
import { strategyNamed } from "../../engine/strategies/all.ts";
import { unpackProgram } from "../../prog/pack.ts";
import { printProgram } from "../../prog/print.ts";

const { ctl, prog } = views();

/** A title and the program that showed it. */
export interface Candidate {
  readonly title: string;
  readonly text: string;
}

/**
 * Rounds in which each CPU repeats its operations: enough to outweigh waking the CPUs and what CPU 0
 * does alone between two executions.
 */
const ROUNDS_PER_EXECUTION = 100;

/** Run until the bound; hands over what was found. */
export function fuzzFree(
  job: FuzzJob,
  { board, say, spec }: JobContext,
  found: (c: Candidate) => void,
): ExitCode {
  const stop = stopper(job.maxMs, board);
  ctl[ROUNDS] = ROUNDS_PER_EXECUTION;
  ctl[KEEP_GOING] = 1;
  const campaign = new Campaign(spec, {
    seed: BigInt(job.seed),
    shard: job.shard,
    cpus: job.cpus,
    preempt: job.preempt,
    strategy: strategyNamed(job.strategy)!,
    maxExecs: job.maxExecs ?? Number.MAX_SAFE_INTEGER,
  }, {
    stop: stop.stop,
    onFinding(title) {
      if (readOops()!.kind.oracle === "harness") return 0;
      const text = printProgram({ ...unpackProgram(prog, spec), title, target: job.target });
      found({ title, text });
      if (job.exitOnCrash) stop.now();
      return 0;
    },
    onExecution: (c) => publish(c, board),
  });
  campaign.run();
  // Points are not counted here: each CPU passes its own.
  say({ event: "pulse", ...countsOf(campaign), points: 0, switches: 0, phase: "search" });
  return EXIT.ok;
}
