/** The ids of bugs: corpus/README.md has a line for every id that the project uses. */
import { assert, assertEquals } from "@std/assert";
import { read, root } from "./documentation.ts";

const PAGE = "corpus/README.md";
const ID = /\b(?:[SB]\d{1,2}[a-d]?|[hk]\d\d)\b/g;

/** All texts of the project, but for what campaigns leave. */
function texts(path: string): string[] {
  return [...Deno.readDirSync(new URL(path, root))].flatMap(({ name, isDirectory }) => {
    const inside = `${path}/${name}`;
    if (isDirectory) return /\/(queue|crashes)$/.test(inside) ? [] : texts(inside);
    return /\.(ts|md|txt)$/.test(name) ? [inside] : [];
  });
}

/** The ids in the first column of the table of bugs. */
function lines(): string[] {
  return [...read(PAGE).matchAll(/^\| (\w+) +\| [^|]*\S +\| \w/gm)].map(([_, id]) => id)
    .filter((id) => new RegExp(`^${ID.source}$`).test(id));
}

/** `b02` in the name of a seed is B2. */
function idOfSeed(name: string): string {
  const [, letter, number] = /^([a-z])(\d+)-/.exec(name)!;
  return "hk".includes(letter) ? `${letter}${number}` : `${letter.toUpperCase()}${Number(number)}`;
}

Deno.test("corpus/README.md has one line for each id", () => {
  const known = lines();
  assertEquals(known, [...new Set(known)]);
  assert(known.length > 15);
});

/** `B11b` is one of several bugs that the line of B11 is about. */
function lineOf(id: string): string {
  return id.replace(/[a-d]$/, "");
}

Deno.test("every id that a source, a test or a page uses has its line", () => {
  const known = lines();
  const paths = ["src", "fuzz", "test", "corpus", ".github"].flatMap(texts);
  const unknown = [...paths, "README.md", "mod.ts"].flatMap((path) =>
    [...read(path).matchAll(ID)].filter(([id]) => !known.includes(lineOf(id))).map(([id]) =>
      `${path}: ${id}`
    )
  );
  assertEquals(unknown, []);
});

Deno.test("every seed of objcg has the id of a line in its name and in its comments", () => {
  const known = lines();
  for (const { name } of Deno.readDirSync(new URL("corpus/objcg/seeds", root))) {
    const id = idOfSeed(name);
    assert(known.includes(id), name);
    const text = read(`corpus/objcg/seeds/${name}`);
    assert(text.includes(`# ${id} (corpus/README.md)`), `${name} does not begin with ${id}`);
  }
});
