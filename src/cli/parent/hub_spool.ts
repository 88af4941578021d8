/**
 * What a worker has to tell the hub: the files of its folder that it has not told yet.
 *
 * The files are the spool, so what is not told survives the death of every process. A file that was told
 * twice would be there once: the hub knows hashes and names.
 *
 * @module
 */
import type { Entry, HubFinding } from "../hub/messages.ts";
import { splitFeatures } from "../protocol/feature_line.ts";
import type { CrashEvent } from "../protocol/jobs.ts";
import type { Files } from "../../engine/triage/store.ts";
import { contentHash } from "../../prog/hash.ts";

/** Features of the coverage map, as src/machine has them. */
const FEATURES = 1 << 16;
/** Entries of one message. */
const BATCH = 64;
/** Characters of one message, about. */
const BATCH_CHARS = 200_000;

/** The name of a file of a finding; others in the folder are faults of this tool, or hang. */
const FINDING = /^(?!(exception|diverged|hang|death)-)[a-z0-9-]+-[0-9a-f]{8}\.txt$/;

export interface SpoolOptions {
  readonly files: Files;
  /** The folder of the campaign, with `queue` and `crashes`. */
  readonly dir: string;
  /** Entries that wait, at most: then the oldest are given up. */
  readonly max: number;
}

/** An entry that waits. */
interface Waiting {
  readonly path: string;
  readonly features: readonly number[];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export class Spool {
  /** Entries that were given up, because the spool was full. */
  dropped = 0;
  readonly #options: SpoolOptions;
  readonly #seen = new Set<string>();
  readonly #covered = new Uint8Array(FEATURES);
  readonly #entries: Waiting[] = [];
  readonly #findings: string[] = [];
  /** Files of findings that the hub has. */
  readonly #known = new Set<string>();
  /** What the shards said of their findings. */
  readonly #said = new Map<string, CrashEvent>();

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  /** Number of files to tell. */
  get size(): number {
    return this.#entries.length + this.#findings.length;
  }

  /** A shard has saved a finding. */
  heard(event: CrashEvent): void {
    this.#said.set(nameOf(event.file), event);
  }

  /** The hub has a finding of this name. */
  has(file: string): void {
    this.#known.add(file);
  }

  /** The hub has an entry with these features. */
  cover(features: readonly number[]): void {
    for (const f of features) this.#covered[f] = 1;
  }

  /**
   * Look for new files. Of findings, those that a shard has told of, so that their causes are known;
   * with `all`, those of an earlier run too.
   */
  look(all: boolean): void {
    const { dir, files, max } = this.#options;
    for (const path of files.list(`${dir}/queue`)) {
      if (this.#seen.has(path)) continue;
      this.#seen.add(path);
      const { features } = splitFeatures(files.read(path) ?? "");
      if (features !== null) this.#entries.push({ path, features });
    }
    for (const path of files.list(`${dir}/crashes`)) {
      if (this.#seen.has(path) || !FINDING.test(nameOf(path))) continue;
      if (!all && !this.#said.has(nameOf(path))) continue;
      this.#seen.add(path);
      this.#findings.push(path);
    }
    const over = this.#entries.length - max;
    if (over > 0) {
      this.#entries.splice(0, over);
      this.dropped += over;
    }
  }

  /** The next entries to tell; those that add nothing to what the hub has are left out for good. */
  batch(): { entries: Entry[]; taken: number } {
    const entries: Entry[] = [];
    let taken = 0;
    let chars = 0;
    for (const { features, path } of this.#entries) {
      if (entries.length >= BATCH || chars >= BATCH_CHARS) break;
      taken++;
      if (features.every((f) => this.#covered[f] === 1)) continue;
      const { text } = splitFeatures(this.#options.files.read(path) ?? "");
      if (text === "") continue;
      entries.push({ hash: contentHash(text), features, text });
      chars += text.length + 10 * features.length;
    }
    return { entries, taken };
  }

  /** What {@linkcode batch} took has been told. */
  told({ entries, taken }: { entries: readonly Entry[]; taken: number }): void {
    for (const { features } of entries) this.cover(features);
    this.#entries.splice(0, taken);
  }

  /** The next finding to tell; null if there is none. */
  finding(): HubFinding | null {
    for (let path = this.#findings[0]; path !== undefined; path = this.#findings[0]) {
      const text = this.#options.files.read(path);
      const title = /^title: (.*)$/m.exec(text ?? "")?.[1];
      const file = nameOf(path);
      if (text === null || title === undefined || this.#known.has(file)) {
        this.#findings.shift();
        continue;
      }
      const event = this.#said.get(file);
      const report = this.#options.files.read(path.replace(/\.txt$/, ".report")) ?? "";
      // A finding of an earlier run, which died before it told: its cause is its title.
      return {
        file,
        title,
        cause: event?.cause ?? title,
        known: event?.known ?? null,
        text,
        report,
      };
    }
    return null;
  }

  /** What {@linkcode finding} gave has been told. */
  found(): void {
    this.#findings.shift();
  }
}
