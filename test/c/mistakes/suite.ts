/**
 * Makes ten mistakes in a tree of the kernel's, one at a time, and lets `review` look at each.
 *
 *     deno task mistakes --linux TREE [--for 60s] [--seed N] [NAME…]
 *
 * Prints a table: whether something new was found, and the titles. The tree is only read. The exit code
 * is 78 if one of them was not found.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { diffOf, type Mistake, MISTAKES } from "./mistakes.ts";

const MAIN = new URL("../../../src/cli/main.ts", import.meta.url).pathname;
const EXIT_NOT_FOUND = 78;

interface Cause {
  readonly state: string;
  readonly title: string;
}

/** What `review` said of a mistake. */
interface Reviewed {
  readonly titles: readonly string[];
  readonly execs: number;
  readonly seconds: number;
}

function fail(message: string): never {
  console.error(message);
  Deno.exit(1);
}

/** Let `review` look at a diff. */
async function review(
  diff: string,
  linux: string,
  dir: string,
  flags: string[],
): Promise<Reviewed> {
  const { code, stderr, stdout } = await new Deno.Command("deno", {
    args: [
      ...["run", "--no-prompt", "--allow-read", "--allow-write", "--allow-run=taskset,deno", MAIN],
      ...["review", diff, "--linux", linux, "--json", "--artifacts", dir, ...flags],
    ],
  }).output();
  const decoder = new TextDecoder();
  const events = decoder.decode(stdout).trim().split("\n").map((line) => JSON.parse(line || "{}"));
  const reviewed = events.find(({ event }) => event === "review");
  if (reviewed === undefined) {
    throw new Error(`Cannot review ${diff}: exit code ${code}\n${decoder.decode(stderr)}`);
  }
  const { causes, execs, seconds } = reviewed;
  const fresh = (causes as Cause[]).filter(({ state }) => state === "new");
  return { titles: fresh.map(({ title }) => title), execs: execs.patched, seconds };
}

function named(names: readonly string[]): readonly Mistake[] {
  if (names.length === 0) return MISTAKES;
  return names.map((name) =>
    MISTAKES.find((m) => m.name === name) ??
      fail(`Cannot find the mistake "${name}": there are ${MISTAKES.map((m) => m.name).join(", ")}`)
  );
}

async function main(): Promise<void> {
  const { _, for: bound = "60s", linux, seed = "1" } = parseArgs(Deno.args, {
    string: ["linux", "for", "seed", "_"],
    unknown: (flag, key) => key !== undefined ? fail(`Cannot use the flag ${flag}`) : true,
  });
  if (linux === undefined) fail("Cannot make mistakes: --linux TREE says where");
  const mistakes = named(_.map(String));
  const dir = Deno.makeTempDirSync({ prefix: "mistakes-" });
  let missed = 0;
  try {
    console.log(
      "| Mistake | New | Executions | Seconds | Title |\n| --- | --- | --- | --- | --- |",
    );
    for (const [i, mistake] of mistakes.entries()) {
      const path = `${dir}/${i}.diff`;
      Deno.writeTextFileSync(
        path,
        diffOf(mistake, Deno.readTextFileSync(`${linux}/${mistake.file}`)),
      );
      const flags = ["--for", bound, "--seed", seed, "--cache", `${dir}/cache`];
      const { execs, seconds, titles } = await review(path, linux, `${dir}/${i}`, flags);
      if (titles.length === 0) missed++;
      const cells = [
        mistake.name,
        titles.length,
        execs,
        Math.round(seconds),
        titles[0] ?? "nothing",
      ];
      console.log(`| ${cells.join(" | ")} |`);
    }
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
  if (missed > 0) Deno.exit(EXIT_NOT_FOUND);
}

if (import.meta.main) await main();
