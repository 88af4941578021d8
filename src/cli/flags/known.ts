/**
 * The names that the command line knows: kernels, targets, sanitizers, strategies.
 *
 * What declares them is loaded through machine/load.ts, since kernel modules lay out shared memory.
 *
 * @module
 */
import type { Series } from "../../kernel/series/check.ts";
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
  /** Versions; `series` has the patches that they, and what is built on them, consist of. */
  readonly kernels: readonly Word[];
  readonly series: Series;
  readonly targets: readonly Word[];
  readonly sanitizers: readonly SanitizerWord[];
  readonly strategies: readonly Word[];
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
  const { loadSeries } = await import("../../kernel/series/load.ts");
  const series = await loadSeries();
  const { SANITIZERS } = await import("../../sanitizers/all.ts");
  const { STRATEGIES } = await import("../../engine/strategies/all.ts");
  return { series, SANITIZERS, STRATEGIES };
}

/** Everything that can be named. */
export async function loadKnown(): Promise<Known> {
  const { series, SANITIZERS, STRATEGIES } = await loadToRead(loadLists);
  const words = (all: readonly Word[]) => all.map(({ name, doc }) => ({ name, doc }));
  return {
    kernels: words(VERSIONS),
    series,
    targets: targetNames().map((name) => ({ name, doc: `fuzz/${name}.ts` })),
    sanitizers: SANITIZERS.map(({ name, doc, free }) => ({ name, doc, free })),
    strategies: words(STRATEGIES),
  };
}
