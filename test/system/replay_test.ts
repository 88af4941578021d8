import { assert, assertEquals, assertGreaterOrEqual, assertStringIncludes } from "@std/assert";
import { findFiles } from "../../src/cli/parent/inputs.ts";
import {
  assertCode,
  assertReplays,
  cli,
  eventsOf,
  parsed,
  PATIENT,
  ROOT,
  withDir,
  writePatch,
} from "./harness.ts";

const SEED = `${ROOT}corpus/objcg/seeds/s03-flush-required-null.txt`;
const S03_TITLE = "KASAN: null-ptr-deref in obj_stock_flush_required";

/** Every committed file: crashes and queue are what campaigns leave. */
const FILES = findFiles([`${ROOT}corpus`])
  .filter((f) => /\/(seeds|regressions)\/[^/]+\.txt$/.test(f));

/** The folders with committed files, among them inputs that name patches. */
const FOLDERS = [...new Set(FILES.map((f) => f.replace(/\/[^/]+$/, "")))]
  .concat(`${ROOT}corpus/objcg/patched`);

Deno.test("every seed and regression of every target meets its expectations on every kernel", async () => {
  assertGreaterOrEqual(FILES.length, 26);
  const wanted = (await parsed(FILES)).flatMap((p, i) =>
    p.expects.map(({ kernel, title }) => [FILES[i], kernel, title])
  );
  assertGreaterOrEqual(wanted.length, 52);
  const ran = await cli("replay", "--json", ...PATIENT, ...FILES);
  assertCode(ran, 0);
  const replays = eventsOf(ran, "replay");
  assertEquals(
    replays.map(({ file, kernel, title }) => [file, kernel, title]).sort(),
    wanted.sort(),
  );
});

Deno.test("replay of a folder is replay of everything in it but what a campaign goes on from", () =>
  withDir(async (dir) => {
    for (const folder of ["seeds", "regressions", "queue"]) Deno.mkdirSync(`${dir}/${folder}`);
    Deno.copyFileSync(SEED, `${dir}/seeds/a.txt`);
    Deno.copyFileSync(SEED, `${dir}/regressions/b.txt`);
    const kept = Deno.readTextFileSync(SEED).replace(/^expect .*\n/gm, "");
    Deno.writeTextFileSync(`${dir}/queue/c.txt`, kept);
    const ran = await cli("replay", "--json", dir);
    assertCode(ran, 0);
    const files = new Set(eventsOf(ran, "replay").map((e) => e.file));
    assertEquals([...files].sort(), [`${dir}/regressions/b.txt`, `${dir}/seeds/a.txt`]);
    const named = await cli("replay", "--json", `${dir}/queue`);
    assertCode(named, 78);
    assertEquals(eventsOf(named, "replay").map((e) => e.file), [`${dir}/queue/c.txt`]);
    assertCode(await cli("replay", "--quiet", ...FOLDERS), 0);
  }));

Deno.test("--kernel replays on that kernel alone", async () => {
  // Seeds of later kernels have operations and points that v5.9 does not have.
  const programs = await parsed(FILES);
  const files = FILES.filter((_, i) => programs[i].expects.some((e) => e.kernel === "v5.9"));
  assertGreaterOrEqual(files.length, 26);
  const ran = await cli("replay", "--kernel", "v5.9", "--json", ...PATIENT, ...files);
  assertCode(ran, 0);
  const replays = eventsOf(ran, "replay");
  assertEquals(replays.length, files.length);
  assert(replays.every(({ kernel, ok }) => kernel === "v5.9" && ok));
});

Deno.test("an expectation that is not met exits 78 and shows what happened instead", () =>
  withDir(async (dir) => {
    const text = Deno.readTextFileSync(SEED);
    const file = `${dir}/wrong.txt`;
    Deno.writeTextFileSync(file, text.replace(/^expect posted: .*$/m, "expect posted: none"));
    const ran = await cli("replay", file);
    assertCode(ran, 78);
    assertStringIncludes(ran.out, `NOT MET  ${file}  posted  ${S03_TITLE}, expected: none\n`);
    assertStringIncludes(ran.out, `BUG: ${S03_TITLE}\n`);
    assertStringIncludes(ran.out, `ok       ${file}  v5.9`);
    Deno.writeTextFileSync(
      file,
      text.replace(/^expect posted: .*$/m, "expect posted: WARNING in f"),
    );
    const other = await cli("replay", "--kernel", "posted", "--json", file);
    assertCode(other, 78);
    const [{ ok, title, expected }] = eventsOf(other, "replay");
    assertEquals([ok, title, expected], [false, S03_TITLE, "WARNING in f"]);
  }));

Deno.test("a return value that differs is an expectation that is not met", () =>
  withDir(async (dir) => {
    const seed = `${ROOT}corpus/objcg/seeds/s13-kill-before-reparent.txt`;
    const text = Deno.readTextFileSync(seed).replace(/^expect .*\n/gm, "");
    const [, before] = /^(cpu\d .*rmdir\(\w+\))( = 0)?$/m.exec(text)!;
    const file = `${dir}/returns.txt`;
    Deno.writeTextFileSync(
      file,
      text.replace(/^cpu\d .*rmdir\(\w+\)( = 0)?$/m, `${before} = -EBUSY`),
    );
    const ran = await cli("replay", file);
    assertCode(ran, 78);
    const line = Deno.readTextFileSync(file).split("\n").findIndex((l) => l.includes("-EBUSY")) + 1;
    assertStringIncludes(ran.out, `         ${file}:${line}: rmdir: expected -EBUSY, got 0\n`);
    assert(!ran.out.includes("never reached"), ran.out);
    // A file whose return values come true has met what it expects.
    Deno.writeTextFileSync(file, Deno.readTextFileSync(file).replace("= -EBUSY", "= 0"));
    assertCode(await cli("replay", file), 0);
  }));

Deno.test("--trace shows the table of every point, with a column for each CPU", async () => {
  const brief = await cli("replay", "--kernel", "posted", "--quiet", SEED);
  assertEquals([brief.code, brief.out], [0, ""]);
  const ran = await cli("replay", "--kernel", "posted", "--trace", SEED);
  assertCode(ran, 0);
  const lines = ran.out.split("\n");
  const at = lines.findIndex((line) => /^CPU0 +\| CPU1$/.test(line));
  assert(at > 0, ran.out);
  const table = lines.slice(at + 2);
  // Both CPUs, the operations as the file has them, and points that only the full table has.
  const column = lines[at].indexOf("|");
  const left = table.filter((line) => /\S/.test(line.slice(0, column)));
  const right = table.filter((line) => /\S/.test(line.slice(column + 1)));
  assertGreaterOrEqual(left.length, 10);
  assertGreaterOrEqual(right.length, 30);
  for (const word of ["drain_all_stock(root)", "obj_cgroup_charge(o, 4097)", "irq_save"]) {
    assertStringIncludes(ran.out, word);
  }
  assertStringIncludes(ran.out, "*** KASAN: null-ptr-deref in");
});

Deno.test("--trace shows the interleaving of what has no bug too", async () => {
  const seed = `${ROOT}corpus/objcg/seeds/s13-kill-before-reparent.txt`;
  const ran = await cli("replay", "--kernel", "posted", "--trace", seed);
  assertCode(ran, 0);
  assert(/^CPU0 +\| CPU1/m.test(ran.out), ran.out);
  assert(!ran.out.includes("***"), ran.out);
});

Deno.test("a step whose point is never reached is reported and is no error", () =>
  withDir(async (dir) => {
    const file = `${dir}/unreached.txt`;
    const lines = [
      ...["objcg-fuzz 1", "title: a step too many", "cpus: 2", "expect posted: none", ""],
      ...["boot  a = mkdir(root)", "cpu0  rmdir(a)", "cpu1  drain_all_stock(root)", ""],
      ...["schedule:", "cpu1 until obj_cgroup_charge: css_get", "cpu0 until end", ""],
    ];
    Deno.writeTextFileSync(file, lines.join("\n"));
    const ran = await cli("replay", file);
    assertCode(ran, 0);
    assertStringIncludes(ran.out, "never reached: cpu1 until obj_cgroup_charge: css_get\n");
    const [{ unreached, ok }] = eventsOf(await cli("replay", "--json", file), "replay");
    assertEquals([unreached, ok], [["cpu1 until obj_cgroup_charge: css_get"], true]);
  }));

/** The fix of S3, 3b8abb323953: one load. */
const FIX = `
  obj_stock_flush_required(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean {
    const objcg = READ_ONCE(stock.$cached_objcg);
    if (objcg) {
      const memcg = obj_cgroup_memcg(objcg);
      if (memcg && mem_cgroup_is_descendant(memcg, root_memcg)) return true;
    }
    return false;
  },`;
const FIX_IMPORTS = `
import { READ_ONCE } from "file://${ROOT}src/machine/memory/access.ts";
import { mem_cgroup_is_descendant } from "file://${ROOT}src/kernel/memcontrol.ts";
import { obj_cgroup_memcg } from "file://${ROOT}src/kernel/memcontrol-objcg.ts";
import type { mem_cgroup, memcg_stock_pcp } from "file://${ROOT}src/kernel/memcontrol-types.ts";`;

Deno.test("--patch with the fix of S3 turns its seed into none, on both kernels", () =>
  withDir(async (dir) => {
    const fix = writePatch(dir, FIX, FIX_IMPORTS);
    const file = `${dir}/s03.txt`;
    Deno.writeTextFileSync(
      file,
      Deno.readTextFileSync(SEED).replace(/^expect v5\.1.*\n/gm, "")
        .replace(/^(expect .*?): .*$/gm, "$1: none"),
    );
    const without = await cli("replay", "--json", file);
    assertCode(without, 78);
    assertEquals(eventsOf(without, "replay").map(({ title }) => title), [S03_TITLE, S03_TITLE]);
    const ran = await cli("replay", "--json", "--patch", fix, file);
    assertCode(ran, 0);
    const replays = eventsOf(ran, "replay");
    assertEquals(replays.map(({ kernel, title }) => [kernel, title]), [
      ["posted", null],
      ["v5.9", null],
    ]);
    // The second load, at which the seed switches, is gone.
    for (const { unreached } of replays) {
      assertEquals(unreached, ["cpu0 until obj_stock_flush_required: load cached_objcg #3"]);
    }
    await assertReplays(SEED);
  }));
