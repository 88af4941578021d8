/** The public module, and every example in the documentation: each is run as a user would. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { block, deno, read, ROOT, root, save, withDir } from "./documentation.ts";

interface Graph {
  modules: { specifier: string; dependencies?: { code?: { specifier: string } }[] }[];
}

/** All modules that loading `mod.ts` loads; imports of types are not followed. */
async function loadedByMod(): Promise<string[]> {
  const { modules } = JSON.parse((await deno("info", "--json", "mod.ts")).text) as Graph;
  const seen = new Set<string>();
  const queue = [new URL("mod.ts", root).href];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const module = modules.find(({ specifier }) => specifier === next);
    for (const { code } of module?.dependencies ?? []) if (code) queue.push(code.specifier);
  }
  return [...seen].filter((url) => url.startsWith(root.href)).map((url) =>
    url.slice(root.href.length)
  );
}

Deno.test("mod.ts loads nothing that needs the machine's memory", async () => {
  const loaded = await loadedByMod();
  assert(loaded.includes("src/prog/parse.ts"));
  assertEquals(loaded.filter((path) => !/^(mod\.ts|src\/(prog|report)\/)/.test(path)), []);
});

Deno.test("mod.ts's examples run without any permission", async () => {
  const files = (await loadedByMod()).filter((path) => read(path).includes("```ts"));
  const { code, text } = await deno("test", "--no-prompt", "--doc", ...files);
  assertEquals(code, 0, text);
  assertMatch(text, /ok \| \d\d passed \| 0 failed/);
});

Deno.test("mod.ts's functions and constants all have an example", async () => {
  const module = await import("../mod.ts");
  const texts = (await loadedByMod()).map(read);
  for (const name of Object.keys(module)) {
    const documented = texts.some((text) => {
      const at = text.search(
        new RegExp(`^export (function|const|class|abstract class) ${name}\\b`, "m"),
      );
      return at >= 0 && /\* ```\n \*\/\n$/.test(text.slice(0, at));
    });
    assert(documented, `${name} has no example`);
  }
});

Deno.test("README.md's patch takes the crash away, and nothing else", () =>
  withDir(async (dir) => {
    const patch = save(dir, "my-fix.ts", block("README.md", "// my-fix.ts"));
    assertEquals((await deno("check", patch)).code, 0);
    const seeds = ["s02-css-get-dead-memcg", "s03-flush-required-null"]
      .map((name) => `${ROOT}corpus/objcg/seeds/${name}.txt`);
    const flags = ["--kernel", "posted", "--patch", patch];
    const { code, text } = await deno("task", "--quiet", "replay", ...seeds, ...flags);
    assertEquals(code, 78, text);
    assertMatch(text, /^ok .*s02.* refcount: 0 -> 1 in css_get$/m);
    assertMatch(text, /^NOT MET .*s03.* none, expected: KASAN: null-ptr-deref/m);
    for (const line of block("README.md", "$ deno task replay").split("\n").slice(1, 3)) {
      assertStringIncludes(text.replaceAll(ROOT, ""), line.split("  ").at(-1)!);
    }
  }));

Deno.test("README.md's target is found out", () =>
  withDir(async (dir) => {
    const code = block("README.md", "// account.ts");
    assert(code.trimEnd().split("\n").length <= 40);
    const target = save(dir, "account.ts", code);
    assertEquals((await deno("check", target)).code, 0);
    const flags = ["--for", "2000x", "--seed", "1", "--shards", "1", "--corpus", `${dir}/corpus`];
    const ran = await deno("task", "--quiet", "fuzz", "--target", target, ...flags);
    assertEquals(ran.code, 77, ran.text);
    assertStringIncludes(ran.text, "CRASH  WARNING in account_verify");
  }));

Deno.test("README.md's seeds do what it says", () =>
  withDir(async (dir) => {
    const texts = [
      block("README.md", "objcg-fuzz 1\ntitle: charge revives"),
      block("README.md", "objcg-fuzz 1\n# Found by"),
    ];
    texts.forEach((text, i) => Deno.writeTextFileSync(`${dir}/${i}.txt`, text));
    const ran = await deno("task", "--quiet", "replay", dir);
    assertEquals(ran.code, 0, ran.text);
    assert(!ran.text.includes("never reached"), ran.text);
    const formatted = await deno("task", "--quiet", "seed", "fmt", "--check", dir);
    assertEquals(formatted.code, 0, formatted.text);
  }));

Deno.test("README.md knows every verb, flag, exit code, kernel, strategy and seed", async () => {
  const text = read("README.md");
  const { FLAG_NAMES, VERBS } = await import("../src/cli/flags/flags.ts");
  const { EXIT } = await import("../src/cli/protocol/exit_code.ts");
  const has = (what: string, line: RegExp) => assert(line.test(text), `${what} is missing`);
  for (const verb of VERBS) has(verb, new RegExp(`\`deno task ${verb}`));
  for (const flag of FLAG_NAMES) has(`--${flag}`, new RegExp(`^\\| \`--${flag}[ \`]`, "m"));
  for (const code of Object.values(EXIT)) has(`${code}`, new RegExp(`^\\| ${code} `, "m"));
  for (const { name } of Deno.readDirSync(new URL("corpus/objcg/seeds", root))) {
    has(name, new RegExp(`^\\| ${name.replace(/\.txt$/, "")} `, "m"));
  }
});

Deno.test("documentation links to files that exist", () => {
  const pages = [
    "README.md",
    "src/kernel/README.md",
    "src/machine/README.md",
    "src/sanitizers/README.md",
  ];
  for (const page of pages) {
    for (const [_, link] of read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      assert(Deno.statSync(new URL(link, new URL(page, root))), `${page}: ${link}`);
    }
  }
});

Deno.test("the pages of the kernel, the machine and the sanitizers name every file beside them", () => {
  for (const folder of ["src/kernel", "src/machine", "src/sanitizers"]) {
    const page = read(`${folder}/README.md`);
    for (const { name } of Deno.readDirSync(new URL(folder, root))) {
      if (!name.endsWith(".ts")) continue;
      assert(page.includes(`](${name})`), `${folder}/README.md does not name ${name}`);
    }
  }
});

Deno.test("src/kernel/README.md lists every MODEL note", () => {
  const table = read("src/kernel/README.md");
  const counted = (text: string, what: RegExp) => [...text.matchAll(what)].length;
  for (const { name } of Deno.readDirSync(new URL("src/kernel", root))) {
    if (!name.endsWith(".ts")) continue;
    const notes = counted(read(`src/kernel/${name}`), /\bMODEL(:| of )/g);
    const rows = counted(table, new RegExp(`^\\| \\[${name.replace(".", "\\.")}\\]`, "gm"));
    assertEquals([name, rows], [name, notes]);
  }
});
