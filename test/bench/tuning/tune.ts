/**
 * What the tuned constants of the search are worth: campaigns with one of them changed at a time.
 *
 *     deno task tune [--seeds N] [--sets campaign,hunts] [--values 3,12] [--save FILE] [CONSTANT…]
 *
 * A constant is named like `queue.DRAWS`; without any, all are measured, each at half and double its
 * value. `--save` keeps what was measured, so that a run can be interrupted and gone on with; the
 * file is good for one version of the sources only.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { pinnableCores } from "../../../src/cli/parent/cores.ts";
import { type Run, type SetName, SETS } from "./cases.ts";
import { type Constant, CONSTANTS } from "./constants.ts";
import { Copy } from "./copy.ts";
import { Saved } from "../saved.ts";
import { halfAndDouble } from "./override.ts";
import { compared, heading, type Measured, row, summaryRow } from "./table.ts";

interface Options {
  /** Instead of what is usual for each set. */
  readonly seeds?: number;
  readonly values?: readonly number[];
  readonly save?: string;
  readonly constants: readonly Constant[];
}

function fail(message: string): never {
  console.error(message);
  Deno.exit(1);
}

function list(text: string | undefined): string[] | undefined {
  return text?.split(",").map((s) => s.trim());
}

function wholeNumber(text: string, min: number): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < min) {
    fail(`Cannot use "${text}": give a whole number from ${min}`);
  }
  return n;
}

function constantNamed(name: string): Constant {
  const names = CONSTANTS.map((c) => c.name).join(" ");
  return CONSTANTS.find((c) => c.name === name) ??
    fail(`Cannot find the constant "${name}": there are ${names}`);
}

/** Constants that are measured with one of these sets, and with no other of theirs. */
function withAnyOf(sets: readonly SetName[] | undefined): readonly Constant[] {
  if (sets === undefined) return CONSTANTS;
  return CONSTANTS.map((c) => ({ ...c, sets: c.sets.filter((set) => sets.includes(set)) }))
    .filter((c) => c.sets.length > 0);
}

function readOptions(args: string[]): Options {
  const flags = parseArgs(args, {
    string: ["seeds", "sets", "values", "save", "_"],
    unknown: (flag, key) => key !== undefined ? fail(`Cannot use the flag ${flag}`) : true,
  });
  const names = flags._.map(String);
  const sets = list(flags.sets)?.map((name) =>
    name in SETS ? name as SetName : fail(`Cannot find the set "${name}": ${Object.keys(SETS)}`)
  );
  return {
    seeds: flags.seeds === undefined ? undefined : wholeNumber(flags.seeds, 1),
    values: list(flags.values)?.map((v) => wholeNumber(v, 0)),
    save: flags.save,
    constants: names.length === 0
      ? withAnyOf(sets)
      : names.map(constantNamed).map((c) => ({ ...c, sets: sets ?? c.sets })),
  };
}

/** The present value has so many times the seeds: all ratios share what is known of it. */
const PRESENT = 4;

/** What was measured, by what it was measured of. */
class Results {
  readonly #saved: Saved<readonly Run[]>;

  constructor(readonly copy: Copy, readonly options: Options) {
    this.#saved = new Saved(options.save);
  }

  /** Campaigns of a set, with a constant at a value or with all as they are. */
  of(set: SetName, c?: Constant, value?: number): Run[] {
    const count = (this.options.seeds ?? SETS[set].seeds) * (c === undefined ? PRESENT : 1);
    const key = [set, c?.name ?? "", value ?? ""].join(" ");
    const before = this.#saved.get(key) ?? [];
    const done = new Set(before.map((r) => r.seed));
    const seeds = Array.from({ length: count }, (_, i) => i + 1).filter((s) => !done.has(s));
    if (seeds.length > 0) {
      const runs = SETS[set].setups.flatMap((s) => this.copy.measure(s, seeds, c, value));
      this.#saved.set(key, [...before, ...runs]);
    }
    // In one order, however many steps it took.
    return this.#saved.get(key)!.filter((r) => r.seed <= count).sort((a, b) =>
      a.case < b.case ? -1 : a.case > b.case ? 1 : a.seed - b.seed
    );
  }
}

/** Measure one constant with one set, and print what came of it. */
function measure(c: Constant, set: SetName, results: Results, options: Options): Measured {
  const value = results.copy.valueOf(c);
  const now = results.of(set);
  console.log(`\n${c.name} = ${value}, ${set}\n${heading(set)}\n${row(set, value, now)}`);
  const others = (options.values ?? halfAndDouble(value, c.min)).map((other) => {
    const comparison = compared(set, now, results.of(set, c, other));
    console.log(row(set, other, results.of(set, c, other), comparison));
    return { value: other, comparison };
  });
  return { name: c.name, value, set, others };
}

function main(): void {
  const options = readOptions(Deno.args);
  const copy = new Copy(pinnableCores()?.at(-1) ?? null);
  try {
    const results = new Results(copy, options);
    const measured = options.constants.flatMap((c) =>
      c.sets.map((set) => measure(c, set, results, options))
    );
    console.log(`\n${measured.map(summaryRow).join("\n")}`);
  } finally {
    copy.remove();
  }
}

if (import.meta.main) main();
