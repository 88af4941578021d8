import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { INPUT, ran, tree, withDir } from "../harness.ts";

/** Run with `x.txt` in a directory. */
async function withInput(f: (file: string, dir: string) => Promise<void>): Promise<void> {
  await withDir(async (dir) => {
    Deno.writeTextFileSync(`${dir}/x.txt`, INPUT);
    await f(`${dir}/x.txt`, dir);
  });
}

Deno.test("replay says for each file what came of it, and reports only when asked", () =>
  withInput(async (file) => {
    const { code, out } = await ran(["replay", file], "met");
    assertEquals([code, out], [0, `ok       ${file}  posted  WARNING in f\n`]);
    const traced = await ran(["replay", file, "--trace"], "met");
    assertEquals(traced.out, `ok       ${file}  posted  WARNING in f\nTHE REPORT\n\n`);
  }));

Deno.test("replay exits 78 when an expectation is not met, and prints the report", () =>
  withInput(async (file) => {
    const { code, out } = await ran(["replay", file], "unmet");
    assertEquals(code, 78);
    assertEquals(
      out,
      `NOT MET  ${file}  posted  WARNING in f, expected: none\n` +
        `         never reached: cpu0 until g\nTHE REPORT\n\n`,
    );
  }));

Deno.test("replay exits 79 when traces differ", () =>
  withInput(async (file) => {
    const { code, out } = await ran(["replay", file, "--repeat", "5"], "diverged");
    assertEquals(code, 79);
    assertEquals(out, `DIVERGED ${file}  posted  none (5 runs, 2 different traces)\n`);
  }));

Deno.test("replay --json prints one line for each file and kernel", () =>
  withInput(async (file) => {
    const { out } = await ran(["replay", "--json", file], "met");
    assertEquals(JSON.parse(out), {
      event: "replay",
      file,
      kernel: "posted",
      title: "WARNING in f",
      expected: "WARNING in f",
      ok: true,
      trace_hash: "00",
      runs: 1,
      hashes: 1,
      unreached: [],
      returns: [],
    });
  }));

Deno.test("replay runs a file on all kernels it expects something of, sorted by file", () =>
  withInput(async (file, dir) => {
    Deno.mkdirSync(`${dir}/b`);
    const both = INPUT.replace("expect", "expect v5.9: none\nexpect");
    Deno.writeTextFileSync(`${dir}/b/y.txt`, both);
    const { out } = await ran(["replay", dir], "nothing").then(() => ran(["replay", dir], "met"));
    const lines = out.trimEnd().split("\n").map((l) => l.split(/ +/).slice(1, 3));
    assertEquals(lines, [[`${dir}/b/y.txt`, "posted"], [`${dir}/b/y.txt`, "v5.9"], [
      file,
      "posted",
    ]]);
    const explicit = await ran(["replay", dir, "--kernel", "v5.9"], "met");
    assertEquals(explicit.out.match(/v5\.9/g)?.length, 2);
  }));

for (
  const [kernel, meant] of [["v5.11", 'expected "posted" or "v5.9"'], [
    "potsed",
    'did you mean "posted"?',
  ]]
) {
  Deno.test(`an expectation of the unknown kernel "${kernel}" is an error of every command`, () =>
    withInput(async (file, dir) => {
      Deno.writeTextFileSync(file, INPUT.replace("posted", kernel));
      Deno.mkdirSync(`${dir}/seeds`);
      Deno.copyFileSync(file, `${dir}/seeds/x.txt`);
      const message = (path: string) => `${path}:4:8: Unknown kernel "${kernel}": ${meant}\n`;
      for (
        const args of [["replay", file], ["replay", "--kernel", "posted", file], ["minimize", file]]
      ) {
        const { code, err } = await ran(args, "die");
        assertEquals([code, err], [1, message(file)]);
      }
      const fuzz = await ran(["fuzz", "--corpus", dir], "die");
      assertEquals([fuzz.code, fuzz.err], [1, message(`${dir}/seeds/x.txt`)]);
      const check = await ran(["seed", "check", file], "die");
      assertEquals([check.code, check.err], [1, message(file) + "1 file, 1 with errors\n"]);
    }));
}

Deno.test("a replay that judged nothing is not ok: it says so and exits 78", () =>
  withInput(async (file) => {
    const { code, out, err } = await ran(["replay", file, "--quiet"], "unjudged");
    assertEquals(code, 78);
    assertEquals(out, `UNJUDGED ${file}  posted  none, and the file expects nothing of posted\n`);
    assertEquals(err, "");
    const loud = await ran(["replay", file], "unjudged");
    assertEquals(loud.err, "Replayed 1 of 1: 0 unmet, 0 diverged, 1 without an expectation\n");
    const json = JSON.parse((await ran(["replay", file, "--json"], "unjudged")).out);
    assertEquals([json.expected, json.ok], [null, false]);
  }));

Deno.test("replay says where a return value differs", () =>
  withInput(async (file) => {
    const { code, out } = await ran(["replay", file], "returns");
    assertEquals(code, 78);
    assertEquals(
      out,
      `NOT MET  ${file}  posted  none\n` +
        `         x.txt:7: rmdir: expected -EBUSY, got 0\n`,
    );
  }));

Deno.test("replay exits 79 when a shard forgets a file", () =>
  withInput(async (file) => {
    const { code, err } = await ran(["replay", "--quiet", file], "nothing");
    assertEquals([code, err], [79, "error: The shards did not report 1 replay\n"]);
  }));

Deno.test("replay prints all errors of all files before anything runs", () =>
  withDir(async (dir) => {
    Deno.writeTextFileSync(`${dir}/a.txt`, "objcg-fuzz 1\ncpus: x\n");
    Deno.writeTextFileSync(`${dir}/b.txt`, INPUT.replace("rmdir", "rmdri"));
    const { code, out, err } = await ran(["replay", dir], "die");
    assertEquals([code, out], [1, ""]);
    assertMatch(err, /a\.txt:1:1: .*\n.*a\.txt:2:7: .*\n.*b\.txt:7:7: /);
    assertStringIncludes(err, 'did you mean "rmdir"?');
  }));

Deno.test("replay refuses missing paths and empty directories", () =>
  withDir(async (dir) => {
    const { code, err } = await ran(["replay", dir, `${dir}/no.txt`]);
    assertEquals(code, 1);
    assertEquals(
      err,
      `Cannot read "${dir}": no *.txt file is below it\n` +
        `Cannot read "${dir}/no.txt": no such file or directory\n`,
    );
    const none = await ran(["replay"]);
    assertEquals([none.code, none.err], [1, "error: Cannot begin: expected a file or directory\n"]);
  }));

Deno.test("minimize writes to a file of its own and says how to run it", () =>
  withInput(async (file) => {
    const { code, out } = await ran(["minimize", file], "minimize");
    const min = file.replace(".txt", ".min.txt");
    assertEquals(code, 0);
    assertEquals(
      out,
      `WARNING in f: 2 CPUs, 2 operations, 1 switch\nWritten to ${min}\n` +
        `Replay with: deno task replay ${min}\n`,
    );
    const json = await ran(["minimize", file, "--json", "--out", `${file}.out`], "minimize");
    assertEquals(JSON.parse(json.out).file, `${file}.out`);
  }));

Deno.test("minimize refuses what it cannot write or read", () =>
  withInput(async (file, dir) => {
    const message = async (...args: string[]) => (await ran(["minimize", ...args], "die")).err;
    assertEquals(await message(), "error: Cannot minimize: expected one file, found none\n");
    assertEquals(await message(dir), `error: Cannot minimize "${dir}": it is a directory\n`);
    assertEquals(
      await message(file, "--out", file),
      `error: Cannot write "${file}": it is the input; name another file with --out\n`,
    );
    assertStringIncludes(await message(file, "--out", `${dir}/no/x`), "Cannot write");
    assertEquals(tree(dir), ["x.txt"]);
  }));

Deno.test("bench prints a line for each measurement", async () => {
  const { code, out } = await ran(["bench", "--for", "1s"], "bench");
  assertEquals(code, 0);
  assertStringIncludes(
    out,
    "objcg                2      31k      2.0M      15.0       1.50   0.50\n",
  );
  assertMatch(out, /^all {2,}2 +31k +1\.00 +20k +1\.00$/m);
  const json = await ran(["bench", "--json"], "bench");
  const lines = json.out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ event, sanitizers }) => sanitizers ?? event), [
    "bench",
    ...["none", "kasan", "kmsan", "lockdep", "kcsan", "all but kcsan", "all"],
  ]);
  assertEquals(Object.keys(lines[0]), [
    "event",
    "name",
    "cpus",
    "execs_per_sec",
    "points_per_sec",
    "ns_per_point",
    "us_per_switch",
    "ratio",
  ]);
  const execs = await ran(["bench", "--for", "9x"], "bench");
  assertEquals(
    execs.err,
    "error: Cannot bench for a number of executions: expected a time such as 5s\n",
  );
});
