/**
 * Replays the inputs of the plants on a kernel with one of them, in a process of its own.
 *
 * @module
 */
import { machineWith } from "./hunt.ts";
import { record } from "../../../src/engine/inputs/input.ts";
import { parseProgram } from "../../../src/prog/parse.ts";

/** Folder of the inputs, `PLANT.txt`. */
export const CORPUS = new URL("corpus/", import.meta.url);

/** The names of the plants that have an input. */
export function planted(): string[] {
  return [...Deno.readDirSync(CORPUS)].map(({ name }) => name.replace(/\.txt$/, "")).sort();
}

/** The title that the input of a plant shows. */
export function titleOf(name: string): string {
  return /^title: (.*)$/m.exec(Deno.readTextFileSync(new URL(`${name}.txt`, CORPUS)))![1];
}

/** What the inputs of `names` show with `plant`: a title, or null. */
async function replay(plant: string, names: readonly string[]): Promise<(string | null)[]> {
  const m = await machineWith(plant);
  const titles = names.map((name) => {
    const text = Deno.readTextFileSync(new URL(`${name}.txt`, CORPUS));
    const { program, errors } = parseProgram(text, `${name}.txt`, [m.spec]);
    if (program === null) throw new Error(errors.map(String).join("\n"));
    return record(m.executor, program, m.spec);
  });
  m.close();
  return titles;
}

/** The same, in another process. */
export async function replayApart(
  plant: string,
  names: readonly string[],
): Promise<(string | null)[]> {
  const args = ["run", "--no-prompt", "--allow-read", import.meta.filename!, plant, ...names];
  const { code, stderr, stdout } = await new Deno.Command("deno", { args }).output();
  if (code !== 0) throw new Error(`${plant}: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (import.meta.main) console.log(JSON.stringify(await replay(Deno.args[0], Deno.args.slice(1))));
