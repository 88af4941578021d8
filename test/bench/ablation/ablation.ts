/**
 * What each part of the search pays: campaigns with one of them turned off at a time.
 *
 *     deno task ablation [--seeds N] [--for Nx] [--groups objcg,S9,consume-on] [--save FILE] [PART…]
 *
 * Without names, all parts are measured. A group is one of cases.ts or a planted bug. `--save` keeps
 * what was measured, so that a run can be interrupted and gone on with; the file is good for one
 * version of the sources only. Nothing here depends on time.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { pinnableCores } from "../../../src/cli/parent/cores.ts";
import { Saved } from "../saved.ts";
import { Copy } from "../tuning/copy.ts";
import type { Run } from "../tuning/cases.ts";
import { type Group, GROUPS, planted } from "./cases.ts";
import { FEATURES } from "./features.ts";
import { table } from "./table.ts";

/** Seeds of each campaign. */
const SEEDS = 10;

function fail(message: string): never {
  console.error(message);
  Deno.exit(1);
}

function number(text: string): number {
  const n = Number(text.replace(/x$/, ""));
  return Number.isInteger(n) && n > 0 ? n : fail(`Cannot use "${text}": give a number from 1`);
}

const flags = parseArgs(Deno.args, {
  string: ["seeds", "for", "groups", "save", "_"],
  unknown: (flag, key) => key !== undefined ? fail(`Cannot use the flag ${flag}`) : true,
});
const seeds = flags.seeds === undefined ? SEEDS : number(flags.seeds);
const names = flags._.map(String);
for (const name of names) {
  if (!FEATURES.some((f) => f.name === name)) {
    fail(`Cannot find "${name}": there are ${FEATURES.map((f) => f.name).join(", ")}`);
  }
}
const groups: Group[] = (flags.groups?.split(",") ?? GROUPS.map((g) => g.name)).map((name) =>
  GROUPS.find((g) => g.name === name) ?? planted(name)
);

/** What was measured before, by what it was measured of. */
const done = new Saved<Run>(flags.save);
const copy = new Copy(pinnableCores()?.at(-1) ?? null);

/** Campaigns of a group without a part, or with all of them. */
function measure(group: Group, without: string): Run[] {
  const execs = flags.for === undefined ? group.execs : number(flags.for);
  const key = (seed: number) => [without, group.name, execs, seed].join("|");
  const all = Array.from({ length: seeds }, (_, i) => i + 1);
  const missing = all.filter((seed) => !done.has(key(seed)));
  if (missing.length > 0) {
    const edits = FEATURES.find((f) => f.name === without)?.edits ?? [];
    for (const run of copy.measureEdited(group.setup(execs), missing, edits)) {
      done.set(key(run.seed), run);
    }
  }
  return all.map((seed) => done.get(key(seed))!);
}

try {
  const parts = ["", ...names.length > 0 ? names : FEATURES.map((f) => f.name)];
  const rows = parts.map((without) => ({
    without,
    cells: groups.flatMap((g) => {
      const runs = measure(g, without);
      const execs = flags.for === undefined ? g.execs : number(flags.for);
      return Object.keys(g.setup(execs).cases[0].wanted).map((bug) => ({
        bug,
        counts: runs.map((r) => r.found[bug] ?? null),
      }));
    }),
  }));
  console.log(table(rows));
} finally {
  copy.remove();
}
