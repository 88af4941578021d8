/**
 * Saves the input of an execution that does not end.
 *
 * @module
 */
import type { Job } from "../protocol/jobs.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { type InputWords, NUMERIC } from "../../machine/executor.ts";
import { loadToRead } from "../../machine/load.ts";
import { contentHash } from "../../prog/hash.ts";
import { unpackNumeric, unpackProgram } from "../../prog/pack.ts";
import { printProgram } from "../../prog/print.ts";
import { specOf } from "../../prog/target.ts";

/**
 * Save the input that is being executed; returns its path, or null if the input came from a file.
 */
export async function saveHang(job: Job, input: InputWords): Promise<string | null> {
  if (job.verb !== "fuzz") return null;
  const target = await loadToRead(() => import(job.targetUrl));
  const p = unpackProgram(input.program, specOf(target.default));
  const text = printProgram({
    ...p,
    title: "hang: a CPU makes no progress",
    target: job.target,
    schedule: input.form === NUMERIC ? unpackNumeric(input.schedule, p.cpus) : null,
  });
  const path = `${job.artifactsDir}/hang-${contentHash(text).slice(0, 8)}.txt`;
  atomicFiles.write(path, text);
  return path;
}
