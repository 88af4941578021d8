/**
 * Default campaigns on a kernel with a planted bug.
 *
 * @module
 */
import { file, type Machine, makeMachine, OBJCG } from "../../machine/harness.ts";
import { fixedBugs, patchesThatFix } from "../../../src/kernel/series/fixes.ts";

/** What one campaign came to: executions until its first finding, or all of them. */
export interface Hunted {
  readonly seed: number;
  readonly execs: number;
  readonly title: string | null;
  /** The minimised input that shows it, if it was asked for. */
  readonly text?: string;
}

/** The kernel of the plants. */
const BASE = "v5.9";

/** Where plants are: the kernel, and the module that has them. */
interface Bed {
  readonly kernel: string;
  readonly module: string;
  /** What the kernel reports without a plant: a bug whose fix is not known. */
  readonly known: readonly string[];
}
const BED: Bed = { kernel: BASE, module: "plants.ts", known: [] };
const NMI_BED: Bed = {
  kernel: "v6.15",
  module: "nmi_plants.ts",
  known: ["memcg id is lost", "stock is never drained again"],
};
/** Bugs whose fix replaces the functions of the plants. */
const KEPT = ["b08", "s04"];

/** URLs of the patches that mend all known bugs of a kernel but these. */
export function patchesWithout(unmended: readonly string[], kernel: string): string[] {
  const bugs = fixedBugs(kernel).filter((bug) => !unmended.includes(bug));
  return patchesThatFix(bugs, kernel).map((name) => file(`src/kernel/patches/${name}.ts`));
}

/** Patches for the kernel of a plant: its known bugs are mended, and the plant is in. */
export function patchesOf(plant: string): string[] {
  const { kernel, module } = bedOf(plant);
  return [
    ...patchesWithout(KEPT, kernel),
    `${file(`test/bench/planted/${module}`)}?plant=${plant}`,
  ];
}

/** The middle of some numbers; the higher one of two. */
export function median(counts: readonly number[]): number {
  return [...counts].sort((a, b) => a - b)[counts.length >> 1];
}

/** Where a plant is. */
export function bedOf(plant: string): Bed {
  return plant.startsWith("nmi-") ? NMI_BED : BED;
}

/** Executions to minimise what a plant shows. */
const MINIMIZE_BUDGET = 5_000;

/** A machine with a plant. A patch cannot be taken out, so a process has one such machine. */
export function machineWith(plant: string): Promise<Machine> {
  return makeMachine({
    kernel: bedOf(plant).kernel,
    target: OBJCG,
    cpus: 3,
    patches: patchesOf(plant),
    scout: true,
  });
}

/** The minimised text of the input that the executor holds, which showed `title`. */
async function textOf({ executor, spec }: Machine, title: string): Promise<string> {
  const { unpackNumeric, unpackProgram } = await import("../../../src/prog/pack.ts");
  const { record, withRecordedSchedule } = await import("../../../src/engine/inputs/input.ts");
  const { minimize } = await import("../../../src/engine/triage/minimize.ts");
  const { printProgram } = await import("../../../src/prog/print.ts");
  const words = unpackProgram(executor.program, spec);
  const schedule = unpackNumeric(executor.schedule, words.cpus);
  const numeric = { ...words, title, target: spec.name, schedule };
  record(executor, numeric, spec);
  const symbolic = withRecordedSchedule(executor, numeric);
  const m = minimize(executor, symbolic, title, spec, { budget: MINIMIZE_BUDGET });
  return printProgram(m.program);
}

/** Search for a plant with seeds 1 to `seeds`; once per process. */
export async function hunted(
  plant: string,
  seeds: number,
  execs: number,
  show = false,
): Promise<Hunted[]> {
  const m = await machineWith(plant);
  const { Campaign } = await import("../../../src/engine/campaign/campaign.ts");
  const { STRATEGIES } = await import("../../../src/engine/strategies/all.ts");
  const { known } = bedOf(plant);
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
        if (m.executor.outcome().found?.fault !== "kernel" || known.includes(title)) return 0;
        found ??= { seed, execs: n, title };
        return 0;
      },
      stop: () => found !== null,
    });
    campaign.fuzz();
    const { title } = (found ?? { title: null }) as Hunted;
    const none: Hunted = { seed, execs, title: null };
    all.push(
      title === null ? none : {
        ...found ?? none,
        ...show ? { text: await textOf(m, title) } : {},
      },
    );
  }
  m.close();
  return all;
}
