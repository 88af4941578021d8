import { assertEquals } from "@std/assert";

/** Files that define numbers for others. */
const NUMBERS =
  /\/(arena|cgroup-defs|clock_words|control|ghost_words|layout|lock_word|meeting_words|order|percpu|percpu-refcount-defs|registers|shadow_states)\.ts$/;
const FOLDERS = ["machine", "kernel", "sanitizers"];

/** All files below a folder of src. */
function filesOf(folder: string): string[] {
  const url = new URL(`../../src/${folder}/`, import.meta.url);
  return [...Deno.readDirSync(url)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesOf(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

/** Numbers that a source imports by name, each of which costs a load and checks at every use. */
function importedNumbers(source: string): string[] {
  return [...source.matchAll(/^import \{([^}]*)\} from "([^"]+)";/gm)]
    .filter(([, , from]) => NUMBERS.test(from))
    .flatMap(([, names]) => names.split(",").map((n) => n.trim()))
    .filter((n) => /^_*[A-Z][A-Z0-9_]*$/.test(n));
}

Deno.test("a number imported by name is noticed", () => {
  const source =
    'import { HELD, type Held, held } from "./percpu.ts";\nimport * as x from "./a.ts";\n';
  assertEquals(importedNumbers(source), ["HELD"]);
  assertEquals(importedNumbers('import { HELD } from "./lock.ts";\n'), []);
});

Deno.test("no module of the loop imports numbers by name: they would not be folded", () => {
  const found: string[] = [];
  for (const path of FOLDERS.flatMap(filesOf)) {
    // Those that define numbers may build them out of others'.
    if (!path.endsWith(".ts") || NUMBERS.test(path)) continue;
    const url = new URL(`../../src/${path}`, import.meta.url);
    found.push(...importedNumbers(Deno.readTextFileSync(url)).map((n) => `${path}: ${n}`));
  }
  assertEquals(found, []);
});
