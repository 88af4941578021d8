/** "From a diff to a patch in ten minutes": every step of the page, as a reader would do it. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { block, deno, read, ROOT, save, withDir } from "./documentation.ts";

const PAGE = "src/kernel/patches/README.md";
const S3 = `${ROOT}corpus/objcg/seeds/s03-flush-required-null.txt`;
const CRASH = "KASAN: null-ptr-deref in obj_stock_flush_required";

/** Save a block of the page under the name that its first line gives it. */
function saved(dir: string, start: string): string {
  return save(dir, /^\/\/ ([\w-]+\.ts)/.exec(start)![1], block(PAGE, start));
}

const task = (...args: string[]) => deno("task", "--quiet", ...args);
// One test checks the types of all files, and one that a command does.
const unchecked = (...args: string[]) => task(...args, "--no-check");
const fuzz = (dir: string, executions: number, ...args: string[]) =>
  task(
    "fuzz",
    ...args,
    ..."--seed 1 --shards 1".split(" "),
    "--for",
    `${executions}x`,
    "--corpus",
    dir,
  );

Deno.test("step 1: the list has what the page shows", async () => {
  const { text } = await task("kernel", "functions", "obj_stock_flush");
  const withoutLines = (s: string) => s.replace(/:\d+$/gm, "");
  assertStringIncludes(withoutLines(text), withoutLines(block(PAGE, "obj_stock_flush_required(")));
});

Deno.test("the files on the page have no type errors", () =>
  withDir(async (dir) => {
    const starts = [...read(PAGE).matchAll(/^```ts\n(\/\/ [\w-]+\.ts.*)$/gm)].map(([, line]) =>
      line
    );
    assertEquals(starts.length, 6);
    // Two of them have the same name: the second is the first with the change.
    const files = starts.map((start, i) => {
      const folder = `${dir}/${i}`;
      Deno.mkdirSync(folder);
      return saved(folder, start);
    });
    const { code, text } = await deno("check", "--quiet", ...files);
    assertEquals(code, 0, text);
  }));

Deno.test("step 2: the copy of the function is the function, and its parameters have types", () =>
  withDir(async (dir) => {
    const patch = saved(dir, "// my-fix.ts: the function as it is");
    const { code, text } = await unchecked("replay", S3, "--kernel", "posted", "--patch", patch);
    assertEquals(code, 0, text);
    assertStringIncludes(text, CRASH);
    const copied = block(PAGE, "// my-fix.ts: the function as it is");
    const original = read("src/kernel/memcontrol-objcg.ts");
    for (
      const line of copied.split("\n").filter((l) => l.startsWith("      ") && l.includes("("))
    ) {
      assertStringIncludes(original, line.trim());
    }
  }));

Deno.test("step 2: a patch with a wrong signature does not run", () =>
  withDir(async (dir) => {
    const wrong = block(PAGE, "// my-fix.ts: the function as it is")
      .replace("(stock, root_memcg)", "(stock, root_memcg: number)");
    const { code, text } = await task("replay", S3, "--patch", save(dir, "my-fix.ts", wrong));
    assertEquals(code, 1);
    assertMatch(text, /my-fix\.ts:7:3: .*obj_stock_flush_required|my-fix\.ts:\d+:\d+: Type /);
  }));

Deno.test("steps 3 and 4: with the change, the replay has no crash", () =>
  withDir(async (dir) => {
    const patch = saved(dir, "// my-fix.ts: with the change");
    const { code, text } = await unchecked("replay", S3, "--kernel", "posted", "--patch", patch);
    assertEquals(code, 78, text);
    const shown = block(PAGE, "$ deno task replay").split("\n")[1].split("  ").at(-1)!;
    assertStringIncludes(text, shown);
    assertStringIncludes(text, "never reached: ");
  }));

Deno.test("step 5: with the change and all fixes, fuzzing finds nothing; a file names the patch", () =>
  withDir(async (dir) => {
    const patch = saved(dir, "// my-fix.ts: with the change");
    const quiet = await fuzz(dir, 3000, "--kernel", "v5.9", "--patch", patch, "--fixed", "all");
    assertEquals(quiet.code, 0, quiet.text);
    const loud = await fuzz(
      dir,
      3000,
      "--kernel",
      "v5.9",
      "--patch",
      patch,
      "--exit-on-crash",
      "--count-known",
    );
    assertEquals(loud.code, 77, loud.text);
    assert(!loud.text.includes(CRASH));
    const [file] = [...Deno.readDirSync(`${dir}/crashes`)].filter((e) => e.name.endsWith(".txt"));
    assertMatch(
      Deno.readTextFileSync(`${dir}/crashes/${file.name}`),
      /^patch: .*my-fix\.ts sha256:/m,
    );
  }));

for (
  const [start, kernel] of [
    ["// drains.ts", "posted"],
    ["// counts.ts", "v5.9"],
    ["// late.ts", "v6.12"],
  ]
) {
  Deno.test(`${start.slice(3)} runs: a patch can call what it cannot import, and have state`, () =>
    withDir(async (dir) => {
      const ran = await fuzz(dir, 400, "--kernel", kernel, "--patch", saved(dir, start));
      assert([0, 77].includes(ran.code), ran.text);
      assert(!/error|exception/i.test(ran.text), ran.text);
    }));
}

Deno.test("counts.ts has its state in model memory: a race in it is found", () =>
  withDir(async (dir) => {
    saved(dir, "// counts.ts");
    Deno.writeTextFileSync(
      `${dir}/seed.txt`,
      `objcg-fuzz 1
title: the state of a patch is raced
patch: counts.ts
cpus: 2
kcsan: strict
expect v5.9: KCSAN: data-race in obj_cgroup_uncharge / obj_cgroup_uncharge

boot  a = mkdir(root)
boot  o = obj_cgroup_get_remote(a)
cpu0  obj_cgroup_charge(o, 64)
cpu0  obj_cgroup_uncharge(o, 64)
cpu1  obj_cgroup_charge(o, 64)
cpu1  obj_cgroup_uncharge(o, 64)

schedule:
cpu0 until obj_cgroup_uncharge: store bytes
cpu1 until end
cpu0 until end
`,
    );
    const { code, text } = await unchecked("replay", `${dir}/seed.txt`);
    assertEquals(code, 0, text);
  }));

Deno.test("more.ts extends a shipped target", () =>
  withDir(async (dir) => {
    const target = saved(dir, "// more.ts");
    const seed = `${dir}/seed.txt`;
    Deno.writeTextFileSync(
      seed,
      `objcg-fuzz 1
title: an operation of a target that extends another
target: more more.ts
cpus: 1
expect v5.9: none

boot  a = mkdir(root)
cpu0  drain_often(2)
cpu0  rmdir(a)
`,
    );
    const replayed = await unchecked("replay", seed);
    assertEquals(replayed.code, 0, replayed.text);
    const fuzzed = await fuzz(dir, 400, "--kernel", "v5.9", "--target", target);
    assert([0, 77].includes(fuzzed.code), fuzzed.text);
  }));
