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
const FUZZ = ["--seed", "1", "--for", "3000x", "--shards", "1", "--json"];
const SEED = "corpus/objcg/seeds/s03-flush-required-null.txt";

Deno.test("an endless loop in a patch ends in exit 70 with the input saved", () =>
  withDir(async (dir) => {
    const patch = writePatch(dir, "drain_all_stock() { while (true); },");
    const flags = [...FUZZ, "--hang-timeout", "2s", "--patch", patch];
    const ran = await cli("fuzz", ...flags, "--corpus", `${dir}/corpus`);
    assertCode(ran, 70);
    const [{ file, title }] = eventsOf(ran, "hang");
    assertEquals(title, "hang: a CPU makes no progress");
    assertEquals(filesIn(`${dir}/corpus/crashes`, ""), [file]);
    const [p] = await parsed([file]);
    assert(p.ops.length > 0 && p.schedule?.kind === "numeric");
    // It hangs with the patch, and with nothing else.
    const again = await cli("replay", "--hang-timeout", "2s", "--patch", patch, file);
    assertCode(again, 70);
    assertStringIncludes(again.out, "HANG");
    assertCode(await cli("replay", file), 0);
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
    const again = await cli("replay", "--patch", patch, "--json", file);
    assertEquals(eventsOf(again, "replay").map((r) => [r.title, r.ok]), [[title, true]]);
  }));

for (
  const [what, body, message] of [
    ["an exception", 'throw new Error("boom");', "Error: boom"],
    ["a mistake", "const nothing: any = undefined; return nothing.css;", "TypeError"],
    ["no error at all", 'throw "boom";', "boom"],
  ]
) {
  Deno.test(`${what} thrown in a patch is told as the patch's, never as a bug of the kernel`, () =>
    withDir(async (dir) => {
      const patch = writePatch(dir, `obj_cgroup_charge(): number { ${body} },`);
      const ran = await cli("fuzz", ...FUZZ, "--patch", patch, "--corpus", `${dir}/corpus`);
      assertCode(ran, 1);
      assertMatch(
        ran.err,
        /^error: A patch, or the harness, threw an exception; the input is in /m,
      );
      assertStringIncludes(ran.err, message);
      const saved = filesIn(`${dir}/corpus/crashes`, "").filter((f) => f.includes("exception"));
      assertEquals(saved.length, 1);
      assertStringIncludes(ran.err, saved[0]);
      await parsed(saved);
      const titles = eventsOf(ran, "crash").map(({ title }) => title as string);
      assertEquals(titles.filter((t) => /charge|exception/.test(t)), []);
      // The same of a replay, which knows no title either.
      const again = await cli("replay", "--json", "--patch", patch, "--kernel", "posted", SEED);
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
      const replay = await cli("replay", "--patch", patch, SEED);
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
    const many = await cli("replay", "--patch", args, SEED);
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
