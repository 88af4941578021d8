import { assert, assertEquals } from "@std/assert";
import { HOT } from "./hot_modules.ts";

const ROOT = new URL("../../", import.meta.url);
const FOLDERS = ["src/machine", "src/kernel", "src/sanitizers", "src/engine", "fuzz"];

/** Files that define numbers for others. */
const NUMBERS = /(\/machine\/layout\/\w+|\/prog\/layout|\/kernel\/[\w-]+-defs|\/[\w-]+-defs)\.ts$/;
const NUMBER = /^_*[A-Z][A-Z0-9_]*$/;

/** Source files of a folder, and of the folders in it. */
function* filesIn(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, ROOT))) {
    if (isDirectory) yield* filesIn(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

/** Absolute paths of what a file imports, without the root. */
function resolve(from: string, file: string): string {
  return new URL(from, new URL(file, "file:///")).pathname;
}

/** Numbers that a source imports by name: each use loads and checks them. */
function importedNumbers(source: string, file: string): string[] {
  return [...source.matchAll(/^import \{([^}]*)\} from "([^"]+)";/gm)]
    .filter(([, , from]) => NUMBERS.test(resolve(from, file)))
    .flatMap(([, names]) => names.split(",").map((n) => n.trim().split(" ")[0]))
    .filter((n) =>
      NUMBER.test(n) && n !== "PRIMITIVES" && n !== "REASONS" && n !== "EVENT_ACTIONS"
    );
}

/** Numbers that a source takes out of a namespace, into constants of its own. */
function takenApart(source: string): string[] {
  const spaces = [...source.matchAll(/^import \* as (\w+) from/gm)].map(([, name]) => name);
  return [...source.matchAll(/^const \{([^}]*)\} =\s+(\w+);/gm)]
    .filter(([, , space]) => spaces.includes(space))
    .flatMap(([, names]) => names.split(",").map((n) => n.trim().split(":")[0]))
    .filter((n) => NUMBER.test(n));
}

const sources = new Map(
  FOLDERS.flatMap((folder) => [...filesIn(folder)])
    .map((file) => [file, Deno.readTextFileSync(new URL(file, ROOT))]),
);

Deno.test("a number imported by name is noticed, and one that is taken apart", () => {
  const file = "src/machine/memory/a.ts";
  const source = 'import { HELD, type Held, held } from "../layout/percpu.ts";\n' +
    'import * as percpu from "../layout/percpu.ts";\nconst { regs, OP, CPU: ME } = percpu;\n';
  assertEquals(importedNumbers(source, file), ["HELD"]);
  assertEquals(takenApart(source), ["OP", "CPU"]);
  assertEquals(importedNumbers('import { HELD } from "./lock.ts";\n', file), []);
  assertEquals(takenApart("const { FREE } = views();\n"), []);
});

Deno.test("hot modules import no numbers by name: they would not be folded", () => {
  const found = HOT.flatMap((file) =>
    importedNumbers(sources.get(file)!, file).map((n) => `${file}: ${n}`)
  );
  assertEquals(found, []);
});

Deno.test("all other modules do: only hot ones take numbers apart", () => {
  const found = [...sources].filter(([file]) => !HOT.includes(file))
    .flatMap(([file, source]) => takenApart(source).map((n) => `${file}: ${n}`));
  assertEquals(found, []);
});

Deno.test("every hot module exists and takes numbers apart", () => {
  assertEquals(HOT.filter((file) => !sources.has(file)), []);
  assertEquals(HOT.filter((file) => takenApart(sources.get(file)!).length === 0), []);
  assert(new Set(HOT).size === HOT.length);
});

Deno.test("the folders that are looked through have their files", () => {
  // A pattern that matches nothing, or a folder that is not looked through, would hold nothing.
  assert([...sources.keys()].filter((file) => /machine\/\w+\/\w+\.ts$/.test(file)).length > 50);
  assert([...sources.keys()].filter((file) => NUMBERS.test(`/${file}`)).length > 20);
});
