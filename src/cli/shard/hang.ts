/**
 * Saving the input of an execution that does not end.
 *
 * The input lies in shared memory, where the stuck CPUs read it; nobody needs to be asked.
 *
 * @module
 */
import type { Job } from "../protocol/jobs.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { loadToRead } from "../../machine/load.ts";
import { viewsOf } from "../../machine/words/arena.ts";
import { MODE, MODE_NUMERIC } from "../../machine/layout/schedule.ts";
import { DEFAULT_CONFIG } from "../../machine/words/config.ts";
import { contentHash } from "../../prog/hash.ts";
import { unpackNumeric, unpackProgram } from "../../prog/pack.ts";
import { printProgram } from "../../prog/print.ts";
import { specOf } from "../../prog/target.ts";

/** Write the input that is being run to the artifacts; its path, or null if it has a file already. */
export async function saveHang(job: Job, buffer: SharedArrayBuffer): Promise<string | null> {
  if (job.verb !== "fuzz") return null;
  const target = await loadToRead(() => import(job.targetUrl));
  const spec = specOf(target.default);
  const { ctl, prog, sched } = viewsOf(buffer, DEFAULT_CONFIG);
  const p = unpackProgram(prog.slice(), spec);
  const numeric = ctl[MODE] === MODE_NUMERIC;
  const text = printProgram({
    ...p,
    title: "hang: a CPU makes no progress",
    target: job.target,
    schedule: numeric ? unpackNumeric(sched.slice(), p.cpus) : null,
  });
  const path = `${job.artifactsDir}/hang-${contentHash(text).slice(0, 8)}.txt`;
  atomicFiles.write(path, text);
  return path;
}
