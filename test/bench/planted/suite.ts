/**
 * The suite of planted races with interrupts: executions until a default campaign finds each.
 *
 *     deno task planted [--seeds N] [--execs N] [PLANT…]
 *     deno task planted --alone PLANT --show    # as JSON, with the minimised input
 *
 * The kernel is v5.9, for NMIs v6.15, with the fixes of its known bugs, so what a campaign finds is the plant. Nothing
 * here depends on time. Each plant runs in a process of its own, because a patch cannot be taken out.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Hunted, hunted, median } from "./hunt.ts";

/** Seeds of each plant, and executions of a campaign at most. */
const SEEDS = 10;
const EXECS = 50_000;

/** The plants that were asked for; all if none was. */
export async function names(args: readonly string[]): Promise<string[]> {
  if (args.length > 0) return [...args];
  const all: string[] = [];
  for (const module of ["plants.ts", "nmi_plants.ts"]) {
    const text = await Deno.readTextFile(new URL(module, import.meta.url));
    const table = text.slice(text.indexOf("PLANTS: Readonly"));
    all.push(...[...table.matchAll(/^ {2}"([\w-]+)": /gm)].map(([, name]) => name));
  }
  return all.filter((name) => !name.endsWith("-none"));
}

/** Hunt in another process. */
export async function huntApart(plant: string, seeds: number, execs: number): Promise<Hunted[]> {
  const args = ["run", "--no-prompt", "--allow-read", import.meta.filename!, "--alone", plant];
  const { code, stderr, stdout } = await new Deno.Command("deno", {
    args: [...args, "--seeds", String(seeds), "--execs", String(execs)],
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function main(): Promise<void> {
  const flags = parseArgs(Deno.args, {
    string: ["alone", "execs", "seeds", "_"],
    boolean: ["show"],
  });
  const seeds = Number(flags.seeds ?? SEEDS);
  const execs = Number(flags.execs ?? EXECS);
  if (flags.alone !== undefined) {
    console.log(JSON.stringify(await hunted(flags.alone, seeds, execs, flags.show)));
  } else {
    console.log(`| Plant | Found | Median | Most | Title |\n| --- | --- | --- | --- | --- |`);
    for (const plant of await names(flags._.map(String))) {
      const all = await huntApart(plant, seeds, execs);
      const found = all.filter((h) => h.title !== null);
      const counts = all.map((h) => h.execs);
      console.log(
        `| ${plant} | ${found.length}/${all.length} | ${median(counts)} | ${
          Math.max(...counts)
        } | ` +
          `${found[0]?.title ?? ""} |`,
      );
    }
  }
}

if (import.meta.main) await main();
