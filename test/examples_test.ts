/** The examples on the pages: each is run as a user would run it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { loadKnown } from "../src/cli/flags/known.ts";
import { parseFlags, splitVerb } from "../src/cli/flags/parse_flags.ts";
import { block, commandsOf, deno, pages, read, ROOT, save, withDir } from "./documentation.ts";

Deno.test("README.md has the two commands of the set-up", () => {
  const commands = commandsOf("README.md").map((c) => c.replace(/ +#.*$/, ""));
  assertEquals(commands.slice(0, 2), ["npx -y deno task fuzz", "npx -y deno task test"]);
});

Deno.test("README.md's lines for JSR replace those of npm for the standard library", () => {
  const { imports } = JSON.parse(read("deno.json")) as { imports: Record<string, string> };
  const jsr = JSON.parse(block("README.md", '{\n  "imports"')).imports as Record<string, string>;
  const npm = Object.keys(imports).filter((name) => name.startsWith("@std/"));
  assertEquals(Object.keys(jsr), npm);
  for (const [name, to] of Object.entries(jsr)) {
    const [, scope, path = ""] = /^(@std\/[^/]+)(\/.*)?$/.exec(name)!;
    assertEquals(to, `jsr:${scope}@1${path}`);
  }
});

Deno.test("every command on the pages is one that the command line takes", async () => {
  const known = await loadKnown();
  await known.series.load();
  const { tasks } = JSON.parse(read("deno.json")) as { tasks: Record<string, string> };
  let seen = 0;
  for (const page of pages()) {
    for (const command of commandsOf(page)) {
      const words = wordsOf(command.replace(/ +#.*$/, ""));
      const [verb] = words.slice(words.indexOf("task") + 1);
      assert(Object.hasOwn(tasks, verb), `${page}: ${command}`);
      if (!tasks[verb].includes("src/cli/main.ts")) continue;
      const { verb: of, args } = splitVerb(words.slice(words.indexOf("task") + 1));
      parseFlags(of, args, known);
      seen++;
    }
  }
  assert(seen > 10);
});

/** The words of a shell command without special characters; quotes hold a word together. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word);
}

Deno.test("README.md's patch takes the crash away, and nothing else", () =>
  withDir(async (dir) => {
    const patch = save(dir, "my-fix.ts", block("README.md", "// my-fix.ts"));
    assertEquals((await deno("check", patch)).code, 0);
    const seeds = ["s02-css-get-dead-memcg", "s03-flush-required-null"]
      .map((name) => `${ROOT}corpus/objcg/seeds/${name}.txt`);
    const flags = ["--kernel", "posted", "--patch", patch];
    const { code, text } = await deno("task", "--quiet", "replay", ...seeds, ...flags);
    assertEquals(code, 78, text);
    assert(/^ok .*s02.* refcount: 0 -> 1 in obj_cgroup_charge$/m.test(text), text);
    assert(/^NOT MET .*s03.* none, expected: KASAN: null-ptr-deref/m.test(text), text);
    for (const line of block("README.md", "$ deno task replay").split("\n").slice(1, 3)) {
      assertStringIncludes(text.replaceAll(ROOT, ""), line.split("  ").at(-1)!);
    }
  }));

Deno.test("fuzz/README.md's target is found out", () =>
  withDir(async (dir) => {
    const code = block("fuzz/README.md", "// account.ts");
    assert(code.trimEnd().split("\n").length <= 40);
    const target = save(dir, "account.ts", code);
    assertEquals((await deno("check", target)).code, 0);
    const flags = ["--for", "2000x", "--seed", "1", "--shards", "1", "--corpus", `${dir}/corpus`];
    const ran = await deno("task", "--quiet", "fuzz", "--target", target, ...flags);
    assertEquals(ran.code, 77, ran.text);
    assertStringIncludes(ran.text, "CRASH  WARNING in account_verify");
  }));

const SEEDS = [
  ["README.md", "objcg-fuzz 1\ntitle: charge revives"],
  ["src/cli/README.md", "objcg-fuzz 1\n# Found by"],
] as const;

Deno.test("the seeds on the pages do what the pages say", () =>
  withDir(async (dir) => {
    SEEDS.forEach(([page, start], i) =>
      Deno.writeTextFileSync(`${dir}/${i}.txt`, block(page, start))
    );
    const ran = await deno("task", "--quiet", "replay", dir);
    assertEquals(ran.code, 0, ran.text);
    assert(!ran.text.includes("never reached"), ran.text);
    const formatted = await deno("task", "--quiet", "seed", "fmt", "--check", dir);
    assertEquals(formatted.code, 0, formatted.text);
  }));

Deno.test("README.md's diagram is that of the file on src/cli/README.md", () =>
  withDir(async (dir) => {
    // A replay prints the report of what is not expected.
    const text = block("src/cli/README.md", "objcg-fuzz 1\n# Found by");
    Deno.writeTextFileSync(`${dir}/x.txt`, text.replace(/^expect .*\n/m, "expect posted: none\n"));
    const ran = await deno("task", "--quiet", "replay", `${dir}/x.txt`);
    assertEquals(ran.code, 78, ran.text);
    assertStringIncludes(ran.text, `\n${block("README.md", "CPU0  ")}`);
  }));
