/**
 * Saves the input of an execution that does not end.
 *
 * @module
 */
import type { CommonJob, FuzzJob, Job } from "../protocol/jobs.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { type InputWords, NUMERIC } from "../../machine/executor.ts";
import { contentHash } from "../../prog/hash.ts";
import { kcsanHeader } from "../../prog/kcsan.ts";
import { unpackNumeric, unpackProgram } from "../../prog/pack.ts";
import { printProgram } from "../../prog/print.ts";
import type { TargetSpec } from "../../prog/types.ts";

/** What a file says of the job. */
type About =
  & Pick<CommonJob, "kcsan" | "kernel" | "target">
  & Partial<Pick<FuzzJob, "surroundings">>;

/**
 * The text of the input that is executed. `spec` is that of the machine: its kernel may lack operations,
 * and a packed program has their numbers.
 */
export function textOf(job: About, spec: TargetSpec, input: InputWords, title: string): string {
  const p = unpackProgram(input.program, spec);
  return printProgram({
    ...p,
    ...job.surroundings,
    title,
    target: job.target,
    kcsan: kcsanHeader(title, job.kcsan),
    expects: [{ kernel: job.kernel, title }],
    schedule: input.form === NUMERIC ? unpackNumeric(input.schedule, p.cpus) : null,
  });
}

/** Write the input that is executed to the artifacts; its path, or null if it has a file already. */
export function saveHang(job: Job, spec: TargetSpec, input: InputWords): string | null {
  if (job.verb !== "fuzz") return null;
  const text = textOf(job, spec, input, "hang: a CPU makes no progress");
  const path = `${job.artifactsDir}/hang-${contentHash(text).slice(0, 8)}.txt`;
  atomicFiles.write(path, text);
  return path;
}
