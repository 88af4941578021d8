/**
 * Bugs from nothing: after how many executions a campaign with an empty queue finds each bug of the
 * kernels that have it, with the other bugs of the kernel mended.
 *
 *     deno task found [--seeds N] [--execs N] [--save FILE] [BUG|KERNEL…]
 *
 * Without names, all of bugs.ts. It prints the table of corpus/README.md. `--save` keeps what was
 * measured, so that a run can be interrupted and gone on with; the file is good for one version of the
 * sources only. Nothing here depends on time.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { Saved } from "../saved.ts";
import { type Row, ROWS } from "./bugs.ts";
import { othersOf, titlesOf } from "./others.ts";
import { campaign } from "./runs.ts";
import { HEAD, line } from "./table.ts";

/** Campaigns of a row, with seeds 1, 2, ..., and their executions at most: 120 s of a fast core. */
const SEEDS = 5;
const EXECS = 1_000_000;

function fail(message: string): never {
  console.error(message);
  Deno.exit(1);
}

function number(text: string | undefined, otherwise: number): number {
  const n = text === undefined ? otherwise : Number(text.replace(/x$/, ""));
  return Number.isInteger(n) && n > 0 ? n : fail(`Cannot use "${text}": give a number from 1`);
}

/** The rows of the names that were given. */
function chosen(names: readonly string[]): readonly Row[] {
  const other = names.find((name) => !ROWS.some((r) => r.bug === name || r.kernel === name));
  if (other !== undefined) fail(`Cannot find "${other}" among the bugs and kernels of bugs.ts`);
  return names.length === 0
    ? ROWS
    : ROWS.filter((r) => names.includes(r.bug) || names.includes(r.kernel));
}

/** What a key stands for: measured now, if it was not before. */
async function once<T>(saved: Saved<unknown>, key: string, measure: () => Promise<T>): Promise<T> {
  if (!saved.has(key)) saved.set(key, await measure());
  return saved.get(key) as T;
}

async function main(): Promise<void> {
  const flags = parseArgs(Deno.args, {
    string: ["seeds", "execs", "save", "_"],
    unknown: (flag, key) => key !== undefined ? fail(`Cannot use the flag ${flag}`) : true,
  });
  const rows = chosen(flags._.map(String));
  const seeds = number(flags.seeds, SEEDS);
  const execs = number(flags.execs, EXECS);
  const saved = new Saved<unknown>(flags.save);
  console.log(HEAD(seeds));
  for (const row of rows) {
    const id = [row.kernel, row.seed, row.preempt ?? "full"].join("|");
    const titles = await titlesOf(row);
    const others = await once(saved, `${id}|others`, () => othersOf(row, titles[0]));
    const found: (number | null)[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      found.push(
        await once(
          saved,
          `${id}|${seed}|${execs}`,
          () => campaign(row, titles, others, seed, execs),
        ),
      );
    }
    console.log(line(row, others, found, execs));
  }
}

if (import.meta.main) await main();
