import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assertCode, cli, deno, eventsOf, ROOT, type Task, tree, withDir } from "./harness.ts";

/** Fails as it should: exit 1, these words on standard error, nothing on standard output. */
async function refused(message: string, task: Task, ...args: string[]): Promise<void> {
  const { code, out, err } = await cli(task, ...args);
  assertEquals([code, out], [1, ""], err);
  assertStringIncludes(err, message);
  assert(!err.includes("internal error") && !/^\s+at /m.test(err), `a stack trace:\n${err}`);
}

/** Bad words on the command line, and what is said about them. */
const COMMAND_LINES: readonly (readonly [string, Task, ...string[]])[] = [
  ['Unknown flag "--sede": did you mean "--seed"?', "fuzz", "--sede", "1"],
  ['Unknown flag "--kernle": did you mean "--kernel"?', "replay", "--kernle", "posted"],
  ['Unknown flag "--repeat" of fuzz: it belongs to replay', "fuzz", "--repeat", "2"],
  ['Unknown kernel "v5.90": did you mean "v5.9"?', "fuzz", "--kernel", "v5.90"],
  ['Unknown kernel "poster": did you mean "posted"?', "bench", "--kernel", "poster"],
  ['there is no patch "abcdef1"; "deno task kernel list"', "fuzz", "--kernel", "v5.10+abcdef1"],
  ['Unknown target "objgc": did you mean "objcg"?', "fuzz", "--target", "objgc"],
  ['Cannot load target "/no/target.ts"', "fuzz", "--target", "/no/target.ts"],
  ['Unknown strategy "pcd": did you mean "pct"?', "fuzz", "--strategy", "pcd"],
  ['Unknown sanitizer "kmsam": did you mean "kmsan"?', "fuzz", "--no-sanitizer", "kmsam"],
  ['Unknown preemption model "ful": did you mean "full"?', "fuzz", "--preempt", "ful"],
  ['Unknown machine "freee": did you mean "free"?', "fuzz", "--machine", "freee"],
  ['Unknown verb after "seed" "fmtt": did you mean "fmt"?', "seed", "fmtt"],
  ['Cannot read --seed: "x" is not a number from 0 to', "fuzz", "--seed", "x"],
  ['Cannot read --seed: "-1" is not a number', "fuzz", "--seed=-1"],
  ['Cannot read --seed: "18446744073709551616"', "fuzz", "--seed", "18446744073709551616"],
  ['Cannot read --for: "60" is not a time such as 60s', "fuzz", "--for", "60"],
  ['Cannot read --for: "0x" is not a time', "fuzz", "--for", "0x"],
  ['Cannot read --cpus: "0" is not a number from 1 to 32', "fuzz", "--cpus", "0"],
  ['Cannot read --cpus: "33" is not a number from 1 to 32', "fuzz", "--cpus", "33"],
  ['Cannot read --shards: "many" is not a number', "fuzz", "--shards", "many"],
  ["Cannot read --seed: it is given twice", "fuzz", "--seed", "1", "--seed", "2"],
  ["Cannot read --seed: expected --seed N", "fuzz", "--seed"],
  ["Cannot read --json: it takes no value", "fuzz", "--json=yes"],
  ['Unexpected argument "x.txt": fuzz takes none', "fuzz", "x.txt"],
  ['Cannot read "/no/such.txt": no such file or directory', "replay", "/no/such.txt"],
  ["Cannot begin: expected a file or directory", "replay"],
  ["Cannot minimize: expected one file, found none", "minimize"],
];

Deno.test("a word that is not known is an error that names the nearest one", () =>
  withDir(async (dir) => {
    const where = (task: Task) => (task === "fuzz" ? ["--corpus", `${dir}/corpus`] : []);
    for (const [message, task, ...args] of COMMAND_LINES) {
      // First, so that a flag without its value is the last word.
      await refused(message, task, ...where(task), ...args);
    }
    assertEquals(tree(dir), []);
  }));

Deno.test("a verb that is not known is an error that names the nearest one", async () => {
  const main = ["run", "--quiet", "--allow-read", "src/cli/main.ts"];
  const ran = await deno(...main, "fuz");
  assertEquals([ran.code, ran.out], [1, ""]);
  assertStringIncludes(ran.err, 'Unknown verb "fuz": did you mean "fuzz"?');
  const none = await deno(...main);
  assertEquals([none.code, none.out], [1, ""]);
  assertStringIncludes(
    none.err,
    "expected a verb: fuzz, watch, report, replay, minimize, seed, kernel, c, compare, matrix, bisect, review, bench, hub, test",
  );
});

const HEAD = "objcg-fuzz 1\ntitle: t\ncpus: 2\n";

/** Malformed files of each kind, and what is said about them, after the path. */
const FILES: readonly (readonly [string, string])[] = [
  ["", '1:1: Cannot read an empty file: the first line must be "objcg-fuzz 1"'],
  [
    "#!/bin/sh\n",
    '1:1: Cannot read file: the first line must be "objcg-fuzz 1", found "#!/bin/sh"',
  ],
  ["\x7fELF\x02\x00", "1:1: Cannot read file: the first line must be"],
  [
    "objcg-fuzz 2\n",
    "1:12: Cannot read version 2: this objcg-fuzz reads version 1, a newer one is needed",
  ],
  ["objcg-fuzz 1\ncpus: 2\n", '1:1: Missing header "title"'],
  ["objcg-fuzz 1\ntitle: t\n", '1:1: Missing header "cpus"'],
  ["objcg-fuzz 1\ntitle: t\ncpus: 33\n", '3:7: Cannot read header "cpus": "33" is not a number'],
  [`${HEAD}stauts: real\n`, '4:1: Unknown header "stauts": did you mean "status"?'],
  [`${HEAD}target: objgc\n`, '4:9: Unknown target "objgc": did you mean "objcg"?'],
  [`${HEAD}preempt: ful\n`, '4:10: Unknown preemption model "ful": did you mean "full"?'],
  [`${HEAD}expect postd: none\n\ncpu0  rmdir(root)\n`, '4:8: Unknown kernel "postd": did you mean'],
  [`${HEAD}\ncpu0  rmdri(root)\n`, '5:7: Unknown operation "rmdri": did you mean "rmdir"?'],
  [`${HEAD}\ncpu2  rmdir(root)\n`, '5:1: Unknown CPU "cpu2": the program has cpu0 to cpu1'],
  [`${HEAD}\ncpu0  rmdir(a)\n`, '5:13: Cannot parse argument 1 of "rmdir": unknown name "a"'],
  [
    `${HEAD}\ncpu0  rmdir(root\n`,
    '5:17: Cannot read arguments of "rmdir": expected "," or ")", found the end of the line',
  ],
  [
    `${HEAD}\ncpu0  kmalloc(70000)\n`,
    '5:15: Cannot parse argument 1 of "kmalloc": "70000" is not a size from 0 to 65536',
  ],
  [`${HEAD}\ncpu0  rmdir()\n`, '5:7: Cannot call "rmdir" with 0 arguments: expected rmdir(memcg)'],
  [
    `${HEAD}\ncpu0  o = obj_cgroup_get_current(cpu0)\ncpu0  rmdir(o)\n`,
    '6:13: Cannot parse argument 1 of "rmdir": "o" is an objcg, not a memcg',
  ],
  [
    `${HEAD}\ncpu0  nmi drain_all_stock(root)\n`,
    '5:7: Cannot run "drain_all_stock" in nmi: it may run in "task"',
  ],
  [
    `${HEAD}\ncpu0  kmalloc(1) {fail 9}\n`,
    '5:18: Cannot fail allocation 9 of "kmalloc": it makes 2 allocations',
  ],
  [
    `${HEAD}\ncpu0  rmdir(root)\nsoftirq  kmalloc(1)\n`,
    '6:1: Cannot read operation: unknown word "softirq": expected "boot" or "cpuN"',
  ],
  [
    `${HEAD}\ncpu0  rmdir(root)\n\nschedule:\ncpu0 until\n`,
    '8:11: Cannot read step: expected "end" or a function after "until"',
  ],
  [
    `${HEAD}\ncpu0  rmdir(root)\n\nschedule:\ncpu0 untill end\n`,
    '8:6: Unknown schedule word "untill": did you mean "until"?',
  ],
  [
    `${HEAD}\ncpu0  rmdir(root)\n\nschedule: numeric\norder cpu0\n`,
    "8:1: Cannot read order: expected each of the 2 CPUs once",
  ],
  [
    `${HEAD}\n${"cpu0  rmdir(root)\n".repeat(65)}`,
    "69:1: A program may have at most 64 operations: this is the 65th",
  ],
  [
    `${HEAD}\n${Array.from({ length: 48 }, (_, i) => `boot  m${i} = mkdir(root)\n`).join("")}`,
    "A program may have at most 48 results, predefined ones included: this is the 49th",
  ],
  [
    `${HEAD}\ncpu0  rmdir(root)\n\nschedule:\n${"cpu0 until end\n".repeat(257)}`,
    "264:1: A schedule may have at most 256 steps: this is the 257th",
  ],
];

Deno.test("a malformed file of any kind is an error with its line and column", () =>
  withDir(async (dir) => {
    const path = (i: number) => `${dir}/${String(i).padStart(2, "0")}.txt`;
    // The kernel of an expectation is looked at when everything else is in order.
    const kernels = FILES.findIndex(([, message]) => message.includes("Unknown kernel"));
    FILES.forEach(([text], i) => Deno.writeTextFileSync(path(i), text));
    const before = tree(dir);
    const all = await cli("replay", dir);
    assertEquals([all.code, all.out], [1, ""]);
    const lines = all.err.split("\n");
    FILES.forEach(([, message], i) => {
      if (i === kernels) return;
      const mine = lines.filter((line) => line.startsWith(`${path(i)}:`));
      assert(
        mine.some((line) => line.slice(path(i).length + 1).includes(message)),
        `expected "${message}", found "${mine.join("\n")}"`,
      );
    });
    await refused(`${path(kernels)}:${FILES[kernels][1]}`, "replay", path(kernels));
    await refused(`${path(0)}:${FILES[0][1]}`, "minimize", path(0), "--out", `${dir}/out.txt`);
    const check = await cli("seed", "check", path(3));
    assertEquals(check.code, 1);
    assertStringIncludes(check.err, FILES[3][1]);
    assertEquals(tree(dir), before);
  }));

Deno.test("a seed with an error keeps a campaign from beginning", () =>
  withDir(async (dir) => {
    Deno.mkdirSync(`${dir}/seeds`);
    Deno.writeTextFileSync(`${dir}/seeds/bad.txt`, `${HEAD}\ncpu0  rmdri(root)\n`);
    await refused(`${dir}/seeds/bad.txt:5:7: `, "fuzz", "--corpus", dir, "--for", "10x");
    assertEquals(tree(dir), ["bad.txt", "seeds/"]);
  }));

Deno.test("an empty folder, and a folder without inputs, are errors", () =>
  withDir(async (dir) => {
    Deno.mkdirSync(`${dir}/empty`);
    const message = `Cannot read "${dir}": no *.txt file is below it`;
    await refused(message, "replay", dir);
    Deno.writeTextFileSync(`${dir}/empty/notes.md`, "notes\n");
    await refused(message, "seed", "check", dir);
  }));

Deno.test("a directory that cannot be written to is an error before anything runs", () =>
  withDir(async (dir) => {
    // Root may write anywhere, but not below a file.
    const file = `${dir}/file`;
    Deno.writeTextFileSync(file, "mine\n");
    const run = ["--seed", "1", "--for", "10x"];
    const message = `Cannot write to "${file}/crashes": not a directory`;
    await refused(
      message,
      "fuzz",
      ...run,
      "--corpus",
      `${dir}/c`,
      "--artifacts",
      `${file}/crashes`,
    );
    await refused(`Cannot write to "${file}": `, "fuzz", ...run, "--corpus", file);
    const seed = `${ROOT}corpus/objcg/seeds/s02-css-get-dead-memcg.txt`;
    await refused(`Cannot write "${file}/x": `, "minimize", seed, "--out", `${file}/x`);
    const link = ["--link", "https://lore.kernel.org/r/1"];
    await refused(`Cannot write "${file}/t.txt": `, "seed", "new", "t", ...link, "--out", file);
    assertEquals(tree(dir), ["file"]);
    assertEquals(Deno.readTextFileSync(file), "mine\n");
  }));

Deno.test("an input that asks for more cgroups than there can be is an error, not a finding", () =>
  withDir(async (dir) => {
    const file = `${dir}/many.txt`;
    const mkdirs = Array.from({ length: 40 }, (_, i) => `boot  m${i} = mkdir(root)\n`).join("");
    const text = `${HEAD}expect posted: none\n\n${mkdirs}cpu0  rmdir(m0)\n`;
    Deno.writeTextFileSync(file, text);
    await refused(`${file}: capacity exceeded: more than `, "replay", file);
    assertEquals(eventsOf(await cli("replay", "--json", file), "replay"), []);
    // A campaign passes over it: what it asks for is no bug.
    Deno.mkdirSync(`${dir}/seeds`);
    Deno.renameSync(file, `${dir}/seeds/many.txt`);
    const flags = ["--seed", "1", "--for", "40x", "--shards", "1", "--json", "--corpus", dir];
    const ran = await cli("fuzz", "--kernel", "v5.9", "--fixed", "all", ...flags);
    assertCode(ran, 0);
    assertEquals(eventsOf(ran, "done").map(({ titles }) => titles), [[]]);
    assertEquals(Deno.readTextFileSync(`${dir}/seeds/many.txt`), text);
  }));
