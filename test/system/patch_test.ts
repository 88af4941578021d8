import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  assertCode,
  cli,
  events,
  eventsOf,
  filesIn,
  parsed,
  ROOT,
  tree,
  withDir,
  writePatch,
} from "./harness.ts";

const READ_ONCE = `import { READ_ONCE } from "file://${ROOT}src/machine/memory/access.ts";`;
/** Enough for most programs to have called what is patched. */
const FUZZ = ["--seed", "1", "--for", "3000x", "--shards", "1", "--json", "--no-check"];
const SEED = "corpus/objcg/seeds/s03-flush-required-null.txt";

Deno.test("around() keeps the function that is there, one of an earlier patch too", () =>
  withDir(async (dir) => {
    const body = (name: string, what: string) => {
      const imports = `import { around } from "file://${ROOT}src/kernel/patches/patch.ts";
import { WARN_ON_ONCE } from "file://${ROOT}src/machine/findings/warn.ts";`;
      Deno.mkdirSync(`${dir}/${name}`);
      return writePatch(`${dir}/${name}`, what, imports);
    };
    const first = body("first", "obj_stock_flush_required: () => 7 as never,");
    // The seed's bug is in the function; without it, nothing is.
    const second = body(
      "second",
      `obj_stock_flush_required: around((original) => (stock: unknown, root: unknown) => {
        const required = original(stock, root);
        WARN_ON_ONCE(required === 7);
        return required;
      }),`,
    );
    const title = async (...patches: string[]) => {
      const flags = patches.flatMap((p) => ["--patch", p]);
      const ran = await cli("replay", SEED, "--kernel", "v5.9", "--no-check", "--json", ...flags);
      return eventsOf(ran, "replay")[0].title;
    };
    assertEquals(await title(second), "KASAN: null-ptr-deref in obj_stock_flush_required");
    assertEquals(await title(first), null);
    assertEquals(await title(first, second), "WARNING in obj_stock_flush_required");
  }));

Deno.test("an endless loop in a patch ends in exit 70 with the input saved", () =>
  withDir(async (dir) => {
    const patch = writePatch(dir, "drain_all_stock() { while (true); },");
    const flags = [...FUZZ, "--hang-timeout", "2s", "--patch", patch];
    const ran = await cli("fuzz", ...flags, "--corpus", `${dir}/corpus`);
    assertCode(ran, 70);
    const [{ file, title }] = eventsOf(ran, "hang");
    assertEquals(title, "hang: a CPU makes no progress");
    assertMatch(ran.err, /^Done: .*, 1 hang:\n {2}HANG hang: a CPU makes no progress: .*\n$/m);
    assert(ran.err.endsWith(`: ${file}\n`) && !ran.err.includes("nothing found"));
    assertEquals(filesIn(`${dir}/corpus/crashes`, ""), [file]);
    const [p] = await parsed([file]);
    assert(p.ops.length > 0 && p.schedule?.kind === "numeric");
    // It hangs with its patch, and with no other.
    const again = await cli("replay", "--no-check", "--hang-timeout", "2s", file);
    assertCode(again, 70);
    assertStringIncludes(again.out, "HANG");
    assertMatch(again.err, /Replayed 0 of 1: 0 unmet, 0 diverged, 1 hang\n$/);
    Deno.writeTextFileSync(
      `${dir}/other.ts`,
      Deno.readTextFileSync(patch).replace("true", "false"),
    );
    const other = await cli("replay", "--no-check", "--json", file, "--patch", `${dir}/other.ts`);
    assertEquals(eventsOf(other, "replay").map((r) => r.title), [null]);
  }));

Deno.test("an endless loop with points in a patch is a soft lockup, exit 70, and saved", () =>
  withDir(async (dir) => {
    const loop =
      "drain_all_stock(root_memcg: any) { while (READ_ONCE(root_memcg.css.$flags) >= 0); },";
    const patch = writePatch(dir, loop, READ_ONCE);
    const flags = [...FUZZ, "--hang-timeout", "2s", "--patch", patch, "--exit-on-crash"];
    const ran = await cli("fuzz", ...flags, "--corpus", `${dir}/corpus`);
    assertCode(ran, 70);
    const [{ file, title }] = eventsOf(ran, "hang");
    assertMatch(title, /^BUG: soft lockup in drain_all_stock$/);
    await parsed([file]);
    assertEquals(filesIn(`${dir}/corpus/crashes`, ".txt").includes(file), true);
    const again = await cli("replay", "--no-check", "--patch", patch, "--json", file);
    assertEquals(eventsOf(again, "replay").map((r) => [r.title, r.ok]), [[title, true]]);
  }));

for (
  const [what, body, message] of [
    ["an exception", 'throw new Error("boom");', "Error: boom"],
    ["a mistake", "const nothing: any = undefined; return nothing.css;", "TypeError"],
    ["null of JavaScript", "const nothing: any = null; return nothing.css;", "TypeError"],
    ["null that has no field", "let table: any = (() => null)(); return table.rows;", "TypeError"],
    ["no error at all", 'throw "boom";', "boom"],
  ]
) {
  Deno.test(`${what} thrown in a patch is told as the patch's, never as a bug of the kernel`, () =>
    withDir(async (dir) => {
      const patch = writePatch(dir, `obj_cgroup_charge(): number { ${body} },`);
      const ran = await cli("fuzz", ...FUZZ, "--patch", patch, "--corpus", `${dir}/corpus`);
      assertCode(ran, 1);
      const place = what === "no error at all" ? "A patch or a target threw" : `${patch}:4:\\d+: `;
      assertMatch(ran.err, new RegExp(`^error: ${place}`, "m"));
      assertStringIncludes(ran.err, message);
      const saved = filesIn(`${dir}/corpus/crashes`, "").filter((f) => f.includes("exception"));
      assertEquals(saved.length, 1);
      assertStringIncludes(ran.err, saved[0]);
      await parsed(saved);
      const titles = eventsOf(ran, "crash").map(({ title }) => title as string);
      assertEquals(titles.filter((t) => /charge|exception/.test(t)), []);
      // The same of a replay, which knows no title either.
      const again = await cli(
        "replay",
        "--no-check",
        "--json",
        "--patch",
        patch,
        "--kernel",
        "posted",
        SEED,
      );
      assertCode(again, 1);
      assertEquals(events(again), []);
      assertStringIncludes(again.err, message);
    }));
}

/** Patches that cannot be used at all, and what is said about them. */
const UNUSABLE: readonly (readonly [string, string, RegExp])[] = [
  ["does not parse", "export default patch(((;", /Cannot load patch ".*my-patch\.ts"/],
  [
    "exports nothing",
    "export const a = 1;",
    /Cannot use patch ".*my-patch\.ts": its default export/,
  ],
  ["imports what is not there", 'import "./none.ts";', /Cannot load patch ".*my-patch\.ts"/],
  [
    "throws when it is loaded",
    'throw new Error("boom");',
    /Cannot load patch ".*my-patch\.ts": boom/,
  ],
];

for (const [what, text, message] of UNUSABLE) {
  Deno.test(`a patch file that ${what} is an error of the user`, () =>
    withDir(async (dir) => {
      const patch = `${dir}/my-patch.ts`;
      Deno.writeTextFileSync(patch, text);
      const ran = await cli("fuzz", ...FUZZ, "--patch", patch, "--corpus", `${dir}/corpus`);
      assertCode(ran, 1);
      assertMatch(ran.err, message);
      assert(!tree(dir).some((f) => f.endsWith(".txt")));
      const replay = await cli("replay", "--no-check", "--patch", patch, SEED);
      assertCode(replay, 1);
      assertMatch(replay.err, message);
    }));
}

Deno.test("a patch of a function that does not exist is an error of the user", () =>
  withDir(async (dir) => {
    const patch = writePatch(dir, "drain_all_stocks() {},");
    const ran = await cli("fuzz", ...FUZZ, "--patch", patch, "--corpus", `${dir}/corpus`);
    assertCode(ran, 1);
    assertStringIncludes(
      ran.err,
      'error: Cannot patch "drain_all_stocks": no kernel function has that name',
    );
    const args = writePatch(dir, "drain_all_stock(a: unknown, b: unknown) { return [a, b]; },");
    const many = await cli("replay", "--no-check", "--patch", args, SEED);
    assertCode(many, 1);
    assertStringIncludes(many.err, 'Cannot patch "drain_all_stock": it takes 1 arguments');
  }));

Deno.test("a patch that is not there is an error of the user", async () => {
  const ran = await cli("replay", "--patch", "/no/such/patch.ts", SEED);
  assertCode(ran, 1);
  assertEquals(
    ran.err,
    'error: Cannot read patch "/no/such/patch.ts": no such file or directory\n',
  );
});

/** The README's patch with a `$` too little, and a field that no structure has. */
const WRONG = `
  obj_stock_flush_required(stock: memcg_stock_pcp, root: mem_cgroup): boolean {
    const objcg = READ_ONCE(stock.cached_objcg);
    if (root) (objcg as obj_cgroup).nr_acct += 1;
    return false;
  },`;
const TYPES = `${READ_ONCE}\nimport type { mem_cgroup, memcg_stock_pcp, obj_cgroup } from ` +
  `"file://${ROOT}src/kernel/memcontrol-types.ts";`;

Deno.test("patches and targets given by path are type-checked, unless --no-check says no", () =>
  withDir(async (dir) => {
    const patch = writePatch(dir, WRONG, TYPES);
    const target = `${dir}/my-target.ts`;
    Deno.writeTextFileSync(target, "const n: number = null;\nexport default n;\n");
    const corpus = ["--corpus", `${dir}/corpus`];
    const ran = await cli("fuzz", "--patch", patch, "--target", target, ...corpus);
    assertCode(ran, 1);
    const lines = ran.err.trimEnd().split("\n");
    assertStringIncludes(lines[0], `${patch}:7:29: Argument of type 'Ptr<obj_cgroup>'`);
    assertMatch(lines[0], /The address of the field is stock\.\$cached_objcg\.$/);
    assertEquals(
      lines[1],
      `${patch}:8:37: Property 'nr_acct' does not exist on type 'obj_cgroup'.`,
    );
    assertEquals(lines[2], `${target}:1:7: Type 'null' is not assignable to type 'number'.`);
    assertEquals([lines.length, tree(dir).length], [3, 2]);
    // Without types, the machine says it when it comes to it.
    const run = await cli("fuzz", ...FUZZ, "--patch", patch, ...corpus);
    assertCode(run, 1);
    assertStringIncludes(run.err, `Not type-checked, as --no-check says: ${patch}\n`);
    assertMatch(
      run.err,
      /my-patch\.ts:7:\d+: TypeError: A primitive expects the address of a field/,
    );
  }));

for (
  const [what, body, message, inFree] of [
    ["an integer", "READ_ONCE(stock.nr_pages + 1)", "A primitive expects the address", "free"],
    ["a pointer", "WRITE_ONCE(stock.cached, null)", "A primitive expects the address of a field"],
    ["nothing", "set_bit(0, stock.$nr_bytes && undefined)", "it was given undefined"],
    ["a lock's value", "spin_lock(stock.nr_pages)", "Cannot take the lock"],
    ["a field that is not there", "stock.nr_acct += 1", 'has no field "nr_acct"', "free"],
    ["a structure's place", "root.css = null", "'css' of object '[object mem_cgroup]'"],
  ]
) {
  Deno.test(`a patch that uses ${what} for a field is told so`, () =>
    withDir(async (dir) => {
      const code = `obj_stock_flush_required(stock: any, root: any) {\n${body}; return root; },`;
      const imports = `import { READ_ONCE, set_bit, WRITE_ONCE } from ` +
        `"file://${ROOT}src/machine/memory/access.ts";` +
        `import { spin_lock } from "file://${ROOT}src/kernel/spinlock.ts";`;
      const patch = writePatch(dir, code, imports);
      const replay = await cli(
        "replay",
        "--no-check",
        "--patch",
        patch,
        "--kernel",
        "posted",
        SEED,
      );
      const free = [...FUZZ, "--machine", "free", "--patch", patch, "--corpus", `${dir}/corpus`];
      for (const ran of [replay, ...inFree ? [await cli("fuzz", ...free)] : []]) {
        assertCode(ran, 1);
        assertMatch(ran.err, /^error: .*my-patch\.ts:5:\d+: TypeError: /m);
        assertStringIncludes(ran.err, message);
        assert(!/KASAN|"event":"crash"/.test(ran.out), ran.out);
      }
    }));
}

for (
  const [what, imports, break_it] of [
    [
      "a strategy",
      "engine/strategies/directed.ts",
      "Object.assign(Object.getPrototypeOf(all.directed), { schedule: 1 });",
    ],
    [
      "a sanitizer",
      "sanitizers/ownership.ts",
      'Object.assign(all.ownership, { quiesce: JSON.parse.bind(null, "{") });',
    ],
  ]
) {
  Deno.test(`a fault in ${what} is one of this tool: exit 79, with its stack and the input`, () =>
    withDir(async (dir) => {
      const patch = `${dir}/my-patch.ts`;
      Deno.writeTextFileSync(
        patch,
        `import { patch } from "file://${ROOT}src/kernel/patches/patch.ts";\n` +
          `import * as all from "file://${ROOT}src/${imports}";\n${break_it}\n` +
          `export default patch("p", "memcg: a test", {});\n`,
      );
      const ran = await cli("fuzz", ...FUZZ, "--patch", patch, "--corpus", `${dir}/corpus`);
      assertCode(ran, 79);
      assertMatch(ran.err, /^error: This tool has a bug.*\nThe input is in (.*)\n.*Error: /m);
      assertStringIncludes(ran.err, "\n    at ");
      const saved = filesIn(`${dir}/corpus/crashes`, "").filter((f) => f.includes("exception"));
      await parsed(saved);
      assertEquals([saved.length, eventsOf(ran, "crash").length], [1, 0]);
    }));
}

Deno.test("a patch that a file names is type-checked as --patch is", () =>
  withDir(async (dir) => {
    const patch = writePatch(
      dir,
      "obj_cgroup_charge(size: string): number { return size.length; },",
    );
    const file = `${dir}/x.txt`;
    const name = patch.slice(dir.length + 1);
    Deno.writeTextFileSync(
      file,
      Deno.readTextFileSync(SEED).replace("cpus:", `patch: ${name}\ncpus:`),
    );
    for (const [verb, ...rest] of [["replay"], ["minimize"], ["seed", "check"]] as const) {
      const ran = await cli(verb, ...rest, file);
      assertCode(ran, 1);
      assertMatch(ran.err, /\.ts:\d+:\d+: Type '\(size: string\) => number' is not assignable/);
    }
    const unchecked = await cli("replay", "--no-check", file);
    assertStringIncludes(unchecked.err, "Not type-checked, as --no-check says");
    // Another patch is checked instead: the one that runs.
    const other = await cli("replay", "--patch", writePatch(dir, ""), file);
    assertStringIncludes(other.err, "--patch replaces the patches");
  }));
