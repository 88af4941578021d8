/**
 * Saving the input of an execution that does not end.
 *
 * The input lies in shared memory, where the stuck CPUs read it; nobody needs to be asked.
 *
 * @module
 */
import type { Job } from "../protocol/jobs.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { attach } from "../../machine/words/arena.ts";
import * as C from "../../machine/words/control.ts";
import { DEFAULT_CONFIG } from "../../machine/words/config.ts";
import { contentHash } from "../../prog/hash.ts";
import { unpackNumeric, unpackProgram } from "../../prog/pack.ts";
import { printProgram } from "../../prog/print.ts";
import { specOf } from "../../prog/target.ts";

/** Write the input that is being run to the artifacts; its path, or null if it has a file already. */
export async function saveHang(job: Job, buffer: SharedArrayBuffer): Promise<string | null> {
  if (job.verb !== "fuzz") return null;
  // An arena of our own, to lay out the kernel in: the real one is in use.
  attach({ ...DEFAULT_CONFIG, cpus: job.cpus });
  const arena = await import("../../machine/words/arena.ts");
  const target = (await import(job.targetUrl)).default;
  const spec = specOf(target);
  const shared = (a: Int32Array) => new Int32Array(buffer, a.byteOffset, a.length).slice();
  const ctl = shared(arena.ctl);
  const p = unpackProgram(shared(arena.prog), spec);
  const numeric = ctl[C.MODE] === C.MODE_NUMERIC;
  const text = printProgram({
    ...p,
    title: "hang: a CPU makes no progress",
    target: job.target,
    schedule: numeric ? unpackNumeric(shared(arena.sched), p.cpus) : null,
  });
  const path = `${job.artifactsDir}/hang-${contentHash(text).slice(0, 8)}.txt`;
  atomicFiles.write(path, text);
  return path;
}
