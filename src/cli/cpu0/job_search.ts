/**
 * Searches in lockstep for the titles that the free-running machine found.
 *
 * @module
 */
import { Findings } from "./findings.ts";
import { done, type JobContext } from "./job_context.ts";
import type { Candidate } from "./job_free.ts";
import type { ExitCode } from "../protocol/exit_code.ts";
import type { FuzzJob } from "../protocol/jobs.ts";
import { Rng } from "../../engine/programs/rng.ts";
import { search, SEARCH_BUDGET } from "../../engine/triage/search.ts";
import { parseProgram } from "../../prog/parse.ts";

/** Search for every candidate. If its title comes again, follow it up like any finding. */
export function searchFor(
  job: FuzzJob,
  candidates: readonly Candidate[],
  context: JobContext,
): ExitCode {
  const { board, executor, say, spec } = context;
  const stop = () => board.isStopAsked();
  const rng = new Rng(BigInt(job.seed), job.shard);
  const findings = new Findings(job, context, stop);
  let execs = 0;
  for (const { text, title } of candidates) {
    const { program } = parseProgram(text, title, [spec]);
    if (program === null) continue;
    const tries = search(executor, program, title, spec, rng, stop);
    execs += tries === 0 ? SEARCH_BUDGET : tries;
    if (tries > 0) execs += findings.add(title, execs);
  }
  findings.writePages();
  say(done({ execs, titles: findings.titles }));
  return findings.code;
}
