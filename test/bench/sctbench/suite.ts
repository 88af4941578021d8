/**
 * The programs that everybody knows: executions until a strategy finds the bug of each, beside what
 * others published.
 *
 *     deno task bench --suite sctbench [--trials N] [--strategy NAME] [--json] [PROGRAM…]
 *
 * Nothing here depends on time. Each program runs in a process of its own, because a machine has one
 * target.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { STRATEGIES } from "../../../src/engine/strategies/all.ts";
import { type Listed, PROGRAMS } from "./programs.ts";
import { geomeans, headers, type Result, row } from "./table.ts";
import { trialsApart } from "./alone.ts";

const TRIALS = 20;
/** What SURW's authors allowed. */
const MOST = 10_000;
const USAGE = 1;

/** The programs of those names; all if there are no names. */
function named(names: readonly string[]): Listed[] {
  if (names.length === 0) return [...PROGRAMS];
  return names.map((name) => {
    const found = PROGRAMS.find((p) => p.name === name);
    if (found !== undefined) return found;
    const all = PROGRAMS.map((p) => p.name).join(", ");
    console.error(`error: There is no program "${name}"; expected one of ${all}`);
    Deno.exit(USAGE);
  });
}

async function main(): Promise<void> {
  const flags = parseArgs(Deno.args, {
    string: ["strategy", "trials", "_"],
    boolean: ["json"],
  });
  const programs = named(flags._.map(String));
  const results: Result[] = [];
  const say = (lines: readonly string[]) => {
    if (!flags.json) { for (const line of lines) console.log(line); }
  };
  say(headers());
  for (const listed of programs) {
    const trials = listed.bug === null ? [] : await trialsApart({
      ...listed,
      trials: Number(flags.trials ?? TRIALS),
      strategy: flags.strategy ?? STRATEGIES[0].name,
      most: listed.most ?? MOST,
    });
    const result = { listed, trials };
    results.push(result);
    say([row(result)]);
    if (flags.json) console.log(JSON.stringify(eventOf(result)));
  }
  const means = geomeans(results);
  if (flags.json) console.log(JSON.stringify({ event: "geomean", ...means.event }));
  say(["", ...means.lines]);
}

/** What `--json` says of a program. */
function eventOf({ listed, trials }: Result): object {
  const { name, published = null } = listed;
  return { event: "sctbench", name, trials, published };
}

await main();
