/**
 * The fixes that a campaign for one bug puts in place: those of all other bugs of the kernel, but for
 * those that mend the bug, too. What each does is not assumed. The bug's seed is replayed with
 * it; where the seed's schedule does not fit any more, campaigns of the seed's program look for another.
 *
 * @module
 */
import { fixedBugs } from "../../../src/kernel/series/fixes.ts";
import type { Row } from "./bugs.ts";
import { campaign, replayed } from "./runs.ts";

/** Executions within which the program of a seed shows its bug, if the kernel has it. */
const EXECS = 20_000;
/** Campaigns of a seed's program, with seeds 1, 2, ... */
const TRIES = 2;

const SEEDS = new URL("../../../corpus/objcg/seeds/", import.meta.url).pathname;

/** The path of a seed. */
function pathOf(seed: string): string {
  return `${SEEDS}${seed}.txt`;
}

/** The text of an input without what it expects, and without its schedule. */
export function programOf(text: string): string {
  return text.slice(0, text.indexOf("\nschedule:") + 1).replaceAll(/^expect .*\n/gm, "");
}

/** Whether the bug of a row is still there with these fixes. */
export async function isThere(row: Row, title: string, fixed: readonly string[]): Promise<boolean> {
  if (await replayed(pathOf(row.seed), row.kernel, fixed) === title) return true;
  const dir = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${dir}/seeds`);
    await Deno.writeTextFile(
      `${dir}/seeds/program.txt`,
      programOf(await Deno.readTextFile(pathOf(row.seed))),
    );
    for (let seed = 1; seed <= TRIES; seed++) {
      const flags = ["--corpus", dir, ...(row.flags ?? [])];
      if (await campaign(row, [title], fixed, seed, EXECS, flags) !== null) return true;
    }
    return false;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** What the seed of a row shows on its kernel, and those that are like it. */
export async function titlesOf({ alike = [], kernel, seed }: Row): Promise<string[]> {
  const titles: string[] = [];
  for (const name of [seed, ...alike]) {
    const title = await replayed(pathOf(name), kernel, []);
    if (title === null) throw new Error(`${name} shows nothing on ${kernel}`);
    titles.push(title);
  }
  return titles;
}

/** The other bugs whose fixes leave that of a row in the kernel, alone and together. */
export async function othersOf(row: Row, title: string): Promise<string[]> {
  const all = fixedBugs(row.kernel).filter((bug) => bug !== row.bug);
  if (await isThere(row, title, all)) return all;
  const others: string[] = [];
  for (const bug of all) {
    if (await isThere(row, title, [...others, bug])) others.push(bug);
  }
  return others;
}
