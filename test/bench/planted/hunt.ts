/**
 * Default campaigns on a kernel with a planted bug.
 *
 * @module
 */
import { file, makeMachine, OBJCG } from "../../machine/harness.ts";
import { fixedBugs, patchesThatFix } from "../../../src/kernel/series/fixes.ts";

/** What one campaign came to: executions until its first finding, or all of them. */
export interface Hunted {
  readonly seed: number;
  readonly execs: number;
  readonly title: string | null;
}

/** The kernel of the plants. */
export const BASE = "v5.9";
/** Bugs whose fix replaces the functions of the plants. */
const KEPT = ["b08", "s04"];

/** Patches for the base: the known bugs are mended, and the plant is in. */
export function patchesOf(plant: string): string[] {
  const bugs = fixedBugs(BASE).filter((bug) => !KEPT.includes(bug));
  return [
    ...patchesThatFix(bugs, BASE).map((name) => file(`src/kernel/patches/${name}.ts`)),
    `${file("test/bench/planted/plants.ts")}?plant=${plant}`,
  ];
}

/** The middle of some numbers; the higher one of two. */
export function median(counts: readonly number[]): number {
  return [...counts].sort((a, b) => a - b)[counts.length >> 1];
}

/** Search for a plant with seeds 1 to `seeds`; once per process. */
export async function hunted(plant: string, seeds: number, execs: number): Promise<Hunted[]> {
  const m = await makeMachine({ kernel: BASE, target: OBJCG, cpus: 3, patches: patchesOf(plant) });
  const { Campaign } = await import("../../../src/engine/campaign/campaign.ts");
  const { STRATEGIES } = await import("../../../src/engine/strategies/all.ts");
  const all: Hunted[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    let found: Hunted | null = null;
    m.executor.forget();
    const campaign = new Campaign(m.executor, m.spec, {
      seed: BigInt(seed),
      shard: 0,
      cpus: 3,
      preempt: "full",
      strategy: STRATEGIES[0],
      maxExecs: execs,
    }, {
      onFinding(title, n) {
        if (m.executor.outcome().found?.fault === "kernel") found ??= { seed, execs: n, title };
        return 0;
      },
      stop: () => found !== null,
    });
    campaign.fuzz();
    all.push(found ?? { seed, execs, title: null });
  }
  m.close();
  return all;
}
