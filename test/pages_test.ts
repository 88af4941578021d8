/** The pages: how long they are, what they name, and that all of them can be reached. */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { anchorsOf, foldersIn, linksOf, pages, read, root } from "./documentation.ts";
import { ARROWS, ROOMS } from "./structure/rules.ts";

Deno.test("README.md has at most 250 lines", () => {
  assertLessOrEqual(read("README.md").trimEnd().split("\n").length, 250);
});

Deno.test("every folder of the project has a page", () => {
  const folders = [
    ...foldersIn("src").map((name) => `src/${name}`),
    "src",
    "fuzz",
    "corpus",
    "test",
  ];
  folders.push("test/bench", "test/conformance");
  const all = pages();
  assertEquals(folders.filter((folder) => !all.includes(`${folder}/README.md`)), []);
});

Deno.test("every page is reached by links from README.md", () => {
  const reached = new Set<string>();
  const queue = ["README.md"];
  for (let page = queue.pop(); page !== undefined; page = queue.pop()) {
    if (reached.has(page)) continue;
    reached.add(page);
    queue.push(...linksOf(page).map(({ path }) => path).filter((path) => path.endsWith(".md")));
  }
  assertEquals(pages().filter((page) => !reached.has(page)), []);
});

Deno.test("every link on a page leads to a file, and every anchor to a heading", () => {
  const broken = pages().flatMap((page) =>
    linksOf(page).filter(({ path, anchor }) => {
      try {
        Deno.statSync(new URL(path, root));
      } catch {
        return true;
      }
      return anchor !== "" && !anchorsOf(path).includes(anchor);
    }).map(({ link }) => `${page}: ${link}`)
  );
  assertEquals(broken, []);
});

/** The rows of the tables of rooms on src/README.md: name, and what the last column names. */
function rooms(): [string, string[]][] {
  const rows = [...read("src/README.md").matchAll(/^\| \[([\w/-]+)\]\(.*?\| ([^|]*?) +\|$/gm)];
  return rows.map(([, name, last]) => [name, last === "nothing" ? [] : last.split(", ")]);
}

Deno.test("src/README.md's rooms are the folders that exist", () => {
  const folders = foldersIn("src")
    .flatMap((
      folder,
    ) => [folder, ...foldersIn(`src/${folder}`).map((room) => `${folder}/${room}`)]);
  assertEquals(rooms().map(([name]) => name).sort(), ["fuzz", ...folders].sort());
});

Deno.test("src/README.md's rooms come in the order of the arrows, with what each may import", () => {
  const name = (path: string) => path.replace(/^src\//, "");
  const top = rooms().filter(([room]) => !room.includes("/"));
  const arrows = Object.entries(ARROWS).filter(([path]) => path !== "mod.ts");
  assertEquals(top, arrows.map(([path, to]) => [name(path), to.map(name)]));
  for (const [folder, order] of Object.entries(ROOMS)) {
    const listed = rooms().map(([room]) => room).filter((r) => r.startsWith(`${name(folder)}/`));
    const expected = order.filter((r) => r !== ".").map((r) => `${name(folder)}/${r}`);
    assertEquals(listed, expected);
  }
});

Deno.test("src/README.md's glossary is sorted, and has each term once", () => {
  const [, glossary] = read("src/README.md").split("\n## Glossary\n");
  const terms = [...glossary.split("\n## ")[0].matchAll(/^\| (\w[\w ]*?) +\| \w/gm)].map(([, t]) =>
    t
  );
  assert(terms.length > 20);
  assertEquals(terms, [...new Set(terms)].sort());
});

/** The source files below a folder, from there. */
function sourcesBelow(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sourcesBelow(`${folder}/${name}`).map((path) => `${name}/${path}`);
    return name.endsWith(".ts") ? [name] : [];
  });
}

/** Pages that name rooms instead of files; and patches and readings, which src/kernel/series lists. */
const NAMED_BY_ROOM = /^src\/(engine|cli|kernel\/patches|kernel\/series\/readings)\//;

Deno.test("the pages of src name every file below them, or its room", () => {
  for (const name of foldersIn("src")) {
    const page = read(`src/${name}/README.md`);
    const missing = sourcesBelow(`src/${name}`)
      .filter((path) => !NAMED_BY_ROOM.test(`src/${name}/${path}`) && !page.includes(`](${path})`));
    assertEquals([name, missing], [name, []]);
  }
});

Deno.test("src/kernel/README.md lists every MODEL note", () => {
  const table = read("src/kernel/README.md");
  const counted = (text: string, what: RegExp) => [...text.matchAll(what)].length;
  const filesOf = (folder: string) =>
    [...Deno.readDirSync(new URL(`src/kernel/${folder}`, root))].map(({ name }) => folder + name)
      .filter((name) => name.endsWith(".ts"));
  for (const name of ["", "patches/"].flatMap(filesOf)) {
    const notes = counted(read(`src/kernel/${name}`), /\bMODEL(:| of )/g);
    const rows = counted(
      table,
      new RegExp(`^\\| \\[.*?\\]\\(${name.replace(".", "\\.")}\\)`, "gm"),
    );
    assertEquals([name, rows], [name, notes]);
  }
});

/** What a seed's expect lines say, as a cell of the table: each title with the kernels that report it. */
function reportsOf(text: string): string {
  const kernels = new Map<string, string[]>();
  for (const [_, kernel, title] of text.matchAll(/^expect ([^:]+): (.*)$/gm)) {
    kernels.set(title, [...kernels.get(title) ?? [], kernel]);
  }
  return [...kernels].map(([title, names]) => `${names.join(", ")}: ${title}`).join("<br>");
}

Deno.test("corpus/README.md has every seed of objcg, with what kernels report", () => {
  const rows = new Map(
    read("corpus/README.md").split("\n### ")[0].split("\n")
      .filter((line) => /^\| [sbhk]\d\d-/.test(line))
      .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
      .map(([name, , status, reports]) => [name, [status, reports]]),
  );
  const seeds = [...Deno.readDirSync(new URL("corpus/objcg/seeds", root))].map(({ name }) => name);
  for (const file of seeds) {
    const text = read(`corpus/objcg/seeds/${file}`);
    const [_, status] = /^status: (\w+)/m.exec(text)!;
    const name = file.replace(/\.txt$/, "");
    assertEquals([name, rows.get(name)], [name, [status, reportsOf(text)]]);
    rows.delete(name);
  }
  assertEquals([...rows.keys()], []);
});

Deno.test("no page has what a merge leaves behind", () => {
  const marked = pages().filter((page) => /^(<<<<<<<|>>>>>>>) |^\| ={7} /m.test(read(page)));
  assertEquals(marked, []);
});
