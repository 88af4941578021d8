/**
 * The names that the command line knows: kernels, targets, sanitizers, strategies.
 *
 * What declares them is loaded through machine/load.ts, since kernel modules lay out shared memory.
 *
 * @module
 */
import type { Patch } from "../../kernel/patches/patch.ts";
import type { Series } from "../../kernel/series/check.ts";
import { versionOf } from "../../kernel/series/expression.ts";
import { VERSIONS } from "../../kernel/series/kernels.ts";
import { loadToRead } from "../../machine/load.ts";

/** A name and the sentence that explains it. */
export interface Word {
  readonly name: string;
  readonly doc: string;
}

/** A sanitizer; `free`: it works when all CPUs run in parallel. */
export interface SanitizerWord extends Word {
  readonly free: boolean;
}

export interface Known {
  /** Versions. */
  readonly kernels: readonly Word[];
  /** The patches that kernels consist of. */
  readonly series: SeriesOnDemand;
  readonly targets: readonly Word[];
  readonly sanitizers: readonly SanitizerWord[];
  readonly strategies: readonly Word[];
}

/**
 * The patches of the series. Loading all of them takes longer than the rest of the start, and few
 * commands need them.
 */
export class SeriesOnDemand {
  #series: Series | null = null;

  constructor(readonly loadAll: () => Promise<Series>) {}

  async load(): Promise<void> {
    this.#series ??= await this.loadAll();
  }

  /** Load them if one of the texts names a kernel that is a version with changes. */
  async loadFor(texts: readonly string[]): Promise<void> {
    if (texts.some(namesChanges)) await this.load();
  }

  /** All patches, by their files. */
  get all(): Series {
    if (this.#series === null) throw new Error("The series is not loaded");
    return this.#series;
  }

  get(file: string): Patch {
    return this.all.get(file)!;
  }
}

/** Whether a text has a word such as `v5.10+3de7d4f25a74`. */
function namesChanges(text: string): boolean {
  return (text.match(/[^\s,:]+/g) ?? []).some((word) => {
    const version = versionOf(word);
    return version !== word && VERSIONS.some(({ name }) => name === version);
  });
}

/** The folder of the targets that come with the project. */
export const TARGETS = new URL("../../../fuzz/", import.meta.url);

/** Names of the targets in `fuzz/`: the files with a default export. */
export function targetNames(): string[] {
  const names: string[] = [];
  for (const entry of Deno.readDirSync(TARGETS)) {
    if (!entry.isFile || !entry.name.endsWith(".ts")) continue;
    const text = Deno.readTextFileSync(new URL(entry.name, TARGETS));
    if (/^export default /m.test(text)) names.push(entry.name.slice(0, -3));
  }
  return names.sort();
}

async function loadLists() {
  const { SANITIZERS } = await import("../../sanitizers/all.ts");
  const { STRATEGIES } = await import("../../engine/strategies/all.ts");
  return { SANITIZERS, STRATEGIES };
}

async function loadWholeSeries(): Promise<Series> {
  const { loadSeries } = await loadToRead(() => import("../../kernel/series/load.ts"));
  return await loadSeries();
}

/** Everything that can be named. */
export async function loadKnown(): Promise<Known> {
  const { SANITIZERS, STRATEGIES } = await loadToRead(loadLists);
  const words = (all: readonly Word[]) => all.map(({ name, doc }) => ({ name, doc }));
  return {
    kernels: words(VERSIONS),
    series: new SeriesOnDemand(loadWholeSeries),
    targets: targetNames().map((name) => ({ name, doc: `fuzz/${name}.ts` })),
    sanitizers: SANITIZERS.map(({ name, doc, free }) => ({ name, doc, free })),
    strategies: words(STRATEGIES),
  };
}
