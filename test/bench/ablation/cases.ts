/**
 * The bugs that campaigns look for with a part of the search turned off.
 *
 * @module
 */
import { ANY_TITLE, type Setup, TITLES } from "../tuning/cases.ts";
import { bedOf } from "../planted/hunt.ts";

const OBJCG = { target: "fuzz/objcg.ts", cpus: 3 };
const { S1, S2, S3, S9, S10 } = TITLES;
const S4 = "KASAN: slab-use-after-free Read in obj_stock_flush_required";

/** The fix of B8 is that of S4. */
const S4_RT = { kernel: "v5.9", preempt: "rt", unmended: ["s04", "b08"] };

/** Bugs that are measured together, and executions of one campaign at most. */
export interface Group {
  readonly name: string;
  readonly execs: number;
  setup(execs: number): Setup;
}

function group(
  name: string,
  execs: number,
  rest: Omit<Setup, "cases" | "cpus" | "target">,
  wanted: Readonly<Record<string, string>>,
): Group {
  const setup = (execs: number) => ({
    ...OBJCG,
    ...rest,
    cases: [{ name, strategy: "portfolio", wanted, execs }],
  });
  return { name, execs, setup };
}

/** A bug that is planted into a kernel without known ones. */
export function planted(plant: string): Group {
  return group(plant, 50_000, { kernel: bedOf(plant).kernel, plant }, { [plant]: ANY_TITLE });
}

export const GROUPS: readonly Group[] = [
  group("objcg", 8000, { kernel: "posted" }, { S1, S2, S3, S10 }),
  group("S9", 100_000, { kernel: "posted" }, { S9 }),
  group("S4 rt", 100_000, S4_RT, { "S4 rt": S4 }),
];
