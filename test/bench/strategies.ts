/**
 * All strategies compared: schedules until the bug of a given program shows.
 *
 *     deno task strategies [--seeds N] [STRATEGY…]
 *
 * Prints the table of README.md. Nothing here depends on time.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { pinnableCores } from "../../src/cli/parent/cores.ts";
import { STRATEGIES } from "../../src/engine/strategies/all.ts";
import { cellText } from "./ablation/table.ts";
import { allHunts } from "./tuning/cases.ts";
import { Copy } from "./tuning/copy.ts";

const SEEDS = 20;
/** The strategy that is compared with the best of the others. */
const ALL = "portfolio";

const flags = parseArgs(Deno.args, { string: ["seeds", "_"] });
const seeds = Array.from({ length: Number(flags.seeds ?? SEEDS) }, (_, i) => i + 1);
const asked = flags._.map(String);
const names = asked.length > 0 ? asked : STRATEGIES.map((s) => s.name);

/** Executions of each seed, by program and strategy. */
const counts = new Map<string, Map<string, (number | null)[]>>();
const copy = new Copy(pinnableCores()?.at(-1) ?? null);
try {
  for (const name of names) {
    for (const run of allHunts(name).flatMap((setup) => copy.measure(setup, seeds))) {
      const of = counts.get(run.case) ?? new Map<string, (number | null)[]>();
      counts.set(run.case, of.set(name, [...of.get(name) ?? [], run.found[run.case] ?? null]));
    }
  }
} finally {
  copy.remove();
}

/** The median as a number. */
function median(all: readonly (number | null)[]): number {
  const sorted = all.map((n) => n ?? Infinity).sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

console.log(`| Program | ${names.join(" | ")} | Best alone | ${ALL} / best |`);
console.log(`| --- |${" --- |".repeat(names.length + 2)}`);
for (const [program, of] of counts) {
  const cells = names.map((name) => cellText({ bug: program, counts: of.get(name)! }));
  const alone = names.filter((name) => name !== ALL || names.length === 1);
  const best = alone.reduce((a, b) => median(of.get(b)!) < median(of.get(a)!) ? b : a);
  const ratio = median(of.get(ALL) ?? []) / median(of.get(best)!);
  console.log(`| \`${program}\` | ${cells.join(" | ")} | ${best} | ${ratio.toFixed(1)} |`);
}
