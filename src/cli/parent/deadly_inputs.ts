/**
 * Inputs in which shards died. One death may have another cause; an input in which two shards died
 * is saved.
 *
 * @module
 */
import type { Output } from "./output.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { isSystemError, reason } from "../files/system_error.ts";
import type { FuzzJob } from "../protocol/jobs.ts";
import { contentHash } from "../../prog/hash.ts";

export class DeadlyInputs {
  readonly #once = new Set<string>();

  /** Note that a shard died in an input. The second time, save the input and return its path. */
  died(text: string, { artifactsDir }: FuzzJob, output: Output): string | null {
    if (!this.#once.has(text)) {
      this.#once.add(text);
      return null;
    }
    const path = `${artifactsDir}/death-${contentHash(text).slice(0, 8)}.txt`;
    try {
      atomicFiles.write(path, text);
      output.error(`Two shards died in one input; it is saved as ${path}`);
    } catch (e) {
      if (!isSystemError(e)) throw e;
      output.error(`Two shards died in one input; cannot write "${path}": ${reason(e)}`);
      output.line(text);
    }
    return path;
  }
}
