/**
 * Every sanitizer can be deleted: its file, its folder if it has one, and its line in all.ts.
 *
 * What is left must type-check and run. Outside of src/sanitizers nothing imports a particular
 * sanitizer, so the type check covers that folder only: one check of as many copies of it as there
 * are sanitizers, side by side, each without one of them.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { copyFolder, denoIn, ROOT, withDir } from "../documentation.ts";
import { SANITIZERS } from "./names.ts";

/** A NULL pointer is found by the machine, not by a sanitizer. */
const SEED = "s03-flush-required-null.txt";
/** How many copies run at the same time. */
const LANES = 2;
/** Files that the rest of the project may import. */
const SHARED = new Set(["active.ts", "all.ts", "sanitizer.ts"]);

/** All TypeScript files below a folder of the project. */
function sources(folder: string): string[] {
  return [...Deno.readDirSync(ROOT + folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? sources(path) : path.endsWith(".ts") ? [path] : [];
  });
}

/** Copy the folder of all sanitizers, without the files and the line of one of them. */
function copyWithout(name: string, from: string, to: string): void {
  const file = name.replaceAll("-", "_");
  copyFolder(from, to);
  Deno.removeSync(`${to}/${file}.ts`);
  const folder = [...Deno.readDirSync(to)].some((e) => e.name === file);
  if (folder) Deno.removeSync(`${to}/${file}`, { recursive: true });
  const lines = Deno.readTextFileSync(`${to}/all.ts`).split("\n");
  const left = lines.filter((l) => !l.includes(`"./${file}.ts"`));
  assertEquals(left.length, lines.length - 1, `${name} has one line in all.ts`);
  Deno.writeTextFileSync(`${to}/all.ts`, left.join("\n"));
}

function copyProject(dir: string): void {
  for (const part of ["src", "fuzz"]) copyFolder(`${ROOT}${part}`, `${dir}/${part}`);
  for (const name of ["deno.json", "deno.lock"]) Deno.copyFileSync(ROOT + name, `${dir}/${name}`);
  Deno.copyFileSync(`${ROOT}corpus/objcg/seeds/${SEED}`, `${dir}/${SEED}`);
}

/** Fuzz and replay in a copy of the project without the sanitizer. */
async function tryWithout(dir: string, name: string): Promise<void> {
  const run = async (codes: readonly number[], verb: string, ...args: string[]) => {
    const { code, text } = await denoIn(dir, "task", "--quiet", verb, ...args);
    assert(codes.includes(code), `${verb} without ${name} ends with code ${code}:\n${text}`);
    return text;
  };
  Deno.removeSync(`${dir}/src/sanitizers`, { recursive: true });
  copyWithout(name, `${ROOT}src/sanitizers`, `${dir}/src/sanitizers`);
  // The posted patch has bugs, so findings are followed up and reported as well.
  const bounds = ["--seed", "1", "--for", "200x", "--shards", "1", "--cpus", "2"];
  const folders = ["--corpus", `${dir}/queue`, "--artifacts", `${dir}/crashes`];
  const fuzzed = await run([0, 77], "fuzz", ...bounds, ...folders);
  assertMatch(fuzzed, /^Done: \d+ executions/m, name);
  assertMatch(await run([0], "replay", SEED), /^ok /m, name);
}

Deno.test("nothing outside of src/sanitizers imports a particular sanitizer", () => {
  const found: string[] = [];
  for (const path of ["mod.ts", ...sources("src"), ...sources("fuzz")]) {
    if (path.startsWith("src/sanitizers/")) continue;
    const imports = Deno.readTextFileSync(ROOT + path).matchAll(/"[^"\n]*\/sanitizers\/([^"]*)"/g);
    for (const [, name] of imports) if (!SHARED.has(name)) found.push(`${path}: ${name}`);
  }
  assertEquals(found, []);
});

Deno.test("src/sanitizers without any one of them type-checks", () =>
  withDir(async (dir) => {
    copyProject(dir);
    const copies = SANITIZERS.map((name, i) => {
      copyWithout(name, `${ROOT}src/sanitizers`, `${dir}/src/without${i}`);
      return `src/without${i}/all.ts`;
    });
    const { code, text } = await denoIn(dir, "check", "--quiet", ...copies);
    assertEquals(code, 0, text);
  }));

Deno.test("a project without any one of the sanitizers fuzzes and replays", () =>
  withDir(async (dir) => {
    const names = [...SANITIZERS];
    const lane = async (copy: string) => {
      copyProject(copy);
      for (let name = names.shift(); name !== undefined; name = names.shift()) {
        await tryWithout(copy, name);
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, i) => lane(`${dir}/${i}`)));
  }));
