/**
 * Checks the seeds of a corpus: a typo must not disable a seed silently.
 *
 * It takes as long as all the rest of the start, because seeds name many kernels. So a campaign that
 * begins from nothing goes on meanwhile, and is stopped if a seed is wrong. It begins after the first
 * seconds, in which most findings come.
 *
 * @module
 */
import type { Known } from "../flags/known.ts";
import { namesOf } from "./context.ts";
import { findFiles, InputErrors, readInputs } from "./inputs.ts";

/** A shard reports once a second; the check begins after this many reports of each. */
const REPORTS = 4;

/** The seeds to check: those of a corpus, for the target of `--target` if that was given. */
export interface Seeds {
  readonly corpusDir: string;
  readonly target: string | undefined;
}

/** Throw if a seed is malformed. */
async function check({ corpusDir, target }: Seeds, known: Known): Promise<void> {
  const dir = `${corpusDir}/seeds`;
  try {
    if (Deno.readDirSync(dir)[Symbol.iterator]().next().done) return;
  } catch {
    // A new corpus has no seeds.
    return;
  }
  const { reads } = await readInputs(findFiles([dir]), target, namesOf(known));
  const errors = reads.flatMap((r) => r.errors.map(String));
  if (errors.length > 0) throw new InputErrors(errors);
}

/** One check of the seeds of a corpus. */
export class SeedCheck {
  readonly #check: () => Promise<void>;
  #running: Promise<void> | null = null;
  #error: unknown = null;
  #reports = 0;

  constructor(seeds: Seeds, known: Known) {
    this.#check = () => check(seeds, known);
  }

  /** One of `shards` shards has reported. If the check now begins and a seed is wrong, `stop` is called. */
  reported(shards: number, stop: () => void): void {
    if (++this.#reports >= REPORTS * shards) this.#begin(stop);
  }

  #begin(stop: () => void): void {
    this.#running ??= this.#check().catch((e) => {
      this.#error = e;
      stop();
    });
  }

  /** Throw what is wrong with the seeds; the check begins now, unless it has begun. */
  async end(): Promise<void> {
    this.#begin(() => {});
    await this.#running;
    if (this.#error !== null) throw this.#error;
  }
}
