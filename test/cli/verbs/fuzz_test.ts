import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ran, tree, withDir } from "../harness.ts";

const args = (dir: string, ...more: string[]) => [
  "fuzz",
  ...["--for", "16x", "--shards", "1", "--seed", "7"],
  ...["--corpus", `${dir}/corpus`],
  ...more,
];

const events = (out: string) => out.trimEnd().split("\n").map((line) => JSON.parse(line));

Deno.test("fuzz --json prints start, status, crash and done, and nothing else", () =>
  withDir(async (dir) => {
    const { code, out } = await ran(args(dir, "--json"), "clean");
    assertEquals(code, 0);
    const [start, status, done] = events(out);
    assertEquals(Object.keys(start), ["event", "kernel", "seed", "cpus", "strategy", "flags"]);
    assertEquals(start.seed, 7);
    assertEquals(start.flags, {
      kernel: "posted",
      target: "objcg",
      cpus: 3,
      preempt: "full",
      seed: 7,
      for: "16x",
      strategy: "portfolio",
      shards: 1,
      corpus: `${dir}/corpus`,
      artifacts: `${dir}/corpus/crashes`,
      machine: "scout",
      bits: 32,
      "step-limit": 20000,
      "hang-timeout": "10s",
      json: true,
    });
    assertEquals(Object.keys(status).slice(0, 3), ["event", "execs", "execs_per_sec"]);
    assertEquals([status.event, status.features, status.queue], ["status", 17, 2]);
    assertEquals(done, {
      event: "done",
      execs: 16,
      execs_per_sec: 100,
      features: 20,
      points: 128,
      switches: 6,
      titles: [],
      causes: [],
    });
    assert(!/": |, "/.test(out));
  }));

Deno.test("fuzz tells a title that two shards find once, and exits 77", () =>
  withDir(async (dir) => {
    const { code, out } = await ran([...args(dir, "--json")], "crash");
    assertEquals(code, 77);
    assertEquals(events(out).map((e) => e.event), ["start", "crash", "done"]);
    const [, crash, done] = events(out);
    assertEquals([crash.title, crash.execs_to_find, crash.ops], ["WARNING in f", 5, 2]);
    assertEquals([done.titles, done.causes], [["WARNING in f"], ["WARNING in f"]]);
  }));

Deno.test("fuzz prints a crash for people, also when it is quiet", () =>
  withDir(async (dir) => {
    const { out, err } = await ran(args(dir, "--quiet"), "crash");
    const title = "CRASH  WARNING in f  (after 5 executions; 2 CPUs, 2 operations, 1 switch)\n";
    assertEquals(out, `\n${title}  cpu0  f()\n  CPU0  f  load x#0.y = 1\n  c/x.txt\n`);
    assertEquals(err, "");
    const { out: whole } = await ran(args(dir, "--quiet", "--verbose"), "crash");
    assertStringIncludes(whole, title);
    assertStringIncludes(whole, "Reproduce with: deno task replay --kernel posted c/x.txt\n");
  }));

Deno.test("fuzz lists every cause at the end, with its size and the command that replays it", () =>
  withDir(async (dir) => {
    const { err } = await ran(args(dir), "crash");
    assertMatch(err, /^Done: \d+ executions .*, 1 cause:$/m);
    const command = "deno task replay --kernel posted c/x.txt";
    const list = `  WARNING in f\n    2 CPUs, 2 operations, 1 switch: ${command}\n`;
    assertStringIncludes(err, list);
    assert(err.endsWith(list), err);
  }));

Deno.test("findings of one cause are told as one, and a known bug is none of them", () =>
  withDir(async (dir) => {
    const { out, err } = await ran(args(dir), "symptoms");
    const told = out.split("\n").filter((line) => /^[A-Za-z]/.test(line));
    assertEquals(told, [
      "CRASH  WARNING in g  (after 5 executions; 2 CPUs, 2 operations, 3 switches)",
      "also: BUG in h (after 5 executions), from: law",
      "also: WARNING in g (after 5 executions), from: law",
      "known: s02: S2 (after 5 executions)",
      "CRASH  WARNING in f  (after 5 executions; 2 CPUs, 2 operations, 1 switch)",
    ]);
    const size = "2 CPUs, 2 operations, 1 switch: deno task replay --kernel posted c/x.txt\n";
    assertStringIncludes(
      err,
      `2 new causes:\n  WARNING in f\n    ${size}  law\n    ${size}` +
        "    shows as:\n      BUG in h\n      WARNING in g\nKnown: s02\n",
    );
    const done = events((await ran(args(dir, "--json"), "symptoms")).out).at(-1)!;
    assertEquals(done.causes, ["WARNING in f", "law"]);
  }));

Deno.test("fuzz always says its seed", () =>
  withDir(async (dir) => {
    const { err } = await ran(["fuzz", "--for", "1x", "--corpus", `${dir}/c`]);
    assertMatch(err, /^Fuzzing objcg on posted: seed \d+, 3 CPUs, .* 1 shard, for 1x\n/);
  }));

Deno.test("fuzz --machine free says which checks it turns off, and no other machine does", () =>
  withDir(async (dir) => {
    const said = async (...more: string[]) =>
      /^Off with --machine free: (.*)$/m.exec((await ran(args(dir, ...more))).err)?.[1];
    assertEquals(await said("--machine", "free"), "kmsan");
    assertEquals(await said("--machine", "free", "--every-step"), "kmsan, --every-step");
    assertEquals(await said("--machine", "free", "--no-sanitizer", "kmsan"), undefined);
    assertEquals(await said("--every-step"), undefined);
  }));

Deno.test("fuzz divides executions among its shards and hands everything on", () =>
  withDir(async (dir) => {
    const { code, err } = await ran(
      args(dir).map((a) => (a === "1" ? "3" : a === "16x" ? "3x" : a)).concat(
        ...["--no-sanitizer", "kmsan", "--exit-on-crash", "--target", "objcg"],
      ),
      "job",
    );
    assertEquals(code, 1);
    const job = JSON.parse(/error: (\{.*\})/.exec(err)![1]);
    assertEquals([job.verb, job.shards, job.maxExecs, job.maxMs], ["fuzz", 3, 1, null]);
    assertEquals([job.seed, job.without, job.exitOnCrash], ["7", ["kmsan"], true]);
    assertEquals([job.corpusDir, job.readCorpus], [`${dir}/corpus`, true]);
    assertMatch(job.targetUrl, /^file:\/\/\/.*\/fuzz\/objcg\.ts$/);
  }));

const FAILURES: readonly [string, number, string][] = [
  ["error", 1, "error: the patch is wrong\n"],
  ["die", 79, 'error: A shard died of exit code 3 after {"event":"ready"}\n'],
];

Deno.test("fuzz reports what its shards fail of", () =>
  withDir(async (dir) => {
    for (const [part, expected, message] of FAILURES) {
      const { code, err } = await ran(args(dir, "--quiet"), part);
      assertEquals([code, err], [expected, message]);
    }
  }));

Deno.test("fuzz goes on with a new shard when one dies, and counts what both did", () =>
  withDir(async (dir) => {
    const { code, out, err } = await ran(args(dir, "--json"), "die-once");
    assertEquals(code, 77);
    assertStringIncludes(err, "A shard died of exit code 3; a new one takes its place\n");
    const done = events(out).at(-1)!;
    assertEquals([done.execs, done.titles], [16, ["WARNING in f"]]);
  }));

Deno.test("fuzz saves an input in which two shards died", () =>
  withDir(async (dir) => {
    const { code, err } = await ran(args(dir), "die-in-it");
    assertEquals(code, 0);
    const path = /Two shards died in one input; it is saved as (\S+)/.exec(err)![1];
    assertEquals(Deno.readTextFileSync(path), "THE INPUT\n");
  }));

Deno.test("fuzz prints what it cannot write, and exits 1", () =>
  withDir(async (dir) => {
    const { code, out, err } = await ran(args(dir), "unwritten");
    assertEquals(code, 1);
    assertStringIncludes(err, 'Cannot write "q/1.txt": no space left on device\n');
    assertStringIncludes(out, "IT\n(end of c/x.txt)\n");
    assertStringIncludes(out, "CRASH  WARNING in f");
  }));

Deno.test("fuzz exits 70 when a shard reports a hang, and names the input", () =>
  withDir(async (dir) => {
    const { code, out } = await ran(args(dir), "hang");
    assertEquals([code, out], [70, "HANG   hang: no progress\n       saved as c/hang.txt\n"]);
  }));

Deno.test("fuzz ends a shard that is silent, and exits 70", () =>
  withDir(async (dir) => {
    const { code, out } = await ran(args(dir, "--hang-timeout", "200ms"), "silent");
    assertEquals([code, out], [70, "HANG   shard 0 was silent for 2.4 s\n"]);
  }));

Deno.test("fuzz passes on what a patch prints, beside its own lines", () =>
  withDir(async (dir) => {
    const { code, out, err } = await ran(args(dir, "--json"), "stray");
    assertEquals(code, 0);
    assertEquals(events(out).length, 2);
    assertStringIncludes(err, "a patch prints\n");
  }));

Deno.test("fuzz writes nothing when a directory cannot be written", () =>
  withDir(async (dir) => {
    Deno.writeTextFileSync(`${dir}/file`, "");
    for (const bad of [`${dir}/file/x`, `${dir}/file`]) {
      const { code, err, out } = await ran(args(dir, "--artifacts", bad));
      assertEquals([code, out], [1, ""]);
      assertMatch(err, new RegExp(`^error: Cannot write to "${bad}": .*\n$`));
      assertEquals(tree(dir), ["file"]);
    }
  }));

Deno.test("fuzz refuses a directory that permissions cannot name, and makes nothing", () =>
  withDir(async (dir) => {
    const bad = `${dir}/a,b`;
    const { code, err } = await ran(args(dir, "--artifacts", bad));
    assertEquals(code, 1);
    assertEquals(
      err,
      `error: Cannot write to "${bad}": the path has a comma, which a permission of Deno cannot name\n`,
    );
    assertEquals(tree(dir), []);
  }));

Deno.test("fuzz refuses what it cannot use before anything runs", () =>
  withDir(async (dir) => {
    const refused = async (...more: string[]) => {
      const { code, err } = await ran(args(dir, ...more), "die");
      assertEquals(code, 1);
      return err;
    };
    assertEquals(
      await refused("x.txt"),
      'error: Unexpected argument "x.txt": fuzz takes none; a file is run with ' +
        '"deno task replay x.txt"\n',
    );
    assertStringIncludes(await refused("--patch", `${dir}/no.ts`), "Cannot read patch");
    assertStringIncludes(await refused("--target", `${dir}/no.ts`), "Cannot load target");
    Deno.writeTextFileSync(`${dir}/odd.ts`, "export default 1;");
    assertEquals(
      await refused("--target", `${dir}/odd.ts`),
      `error: Cannot use target "${dir}/odd.ts": its default export is not a Target\n`,
    );
    assertEquals(tree(dir), ["odd.ts"]);
  }));

Deno.test("fuzz refuses a corpus with a malformed seed", () =>
  withDir(async (dir) => {
    Deno.mkdirSync(`${dir}/corpus/seeds`, { recursive: true });
    Deno.writeTextFileSync(`${dir}/corpus/seeds/x.txt`, "objcg-fuzz 1\ntitle: t\ncpus: 99x\n");
    const { code, err } = await ran(args(dir), "die");
    assertEquals(code, 1);
    assertMatch(err, /corpus\/seeds\/x\.txt:3:7: /);
    assertEquals(tree(dir), ["corpus/", "seeds/", "x.txt"]);
  }));

Deno.test("fuzz --sync makes the corpus a folder of the shared directory", () =>
  withDir(async (dir) => {
    const sync = ["fuzz", "--for", "16x", "--shards", "1", "--seed", "7", "--sync", `${dir}/s/`];
    const named = async (...more: string[]) => {
      const { code, out } = await ran([...sync, "--json", ...more]);
      assertEquals(code, 0);
      const { flags } = events(out)[0];
      return [flags.corpus, flags.artifacts];
    };
    const made = `${dir}/s/objcg-v5.9-7`;
    assertEquals(await named("--kernel", "v5.9"), [made, `${made}/crashes`]);
    assertEquals(await named("--name", "a.1"), [`${dir}/s/a.1`, `${dir}/s/a.1/crashes`]);
  }));

Deno.test("fuzz --sync refuses what does not go with it", async () => {
  for (
    const [flags, message] of [
      [["--name", "x"], "Cannot use --name: it names a folder in the directory of --sync"],
      [["--sync", "d", "--corpus", "c"], "Cannot use --corpus with --sync"],
      [["--sync", "d", "--artifacts", "c"], "Cannot use --artifacts with --sync"],
      [["--sync", "d", "--machine", "free"], "Cannot use --sync with --machine free"],
      [["--sync", "d", "--name", "../x"], 'Cannot read --name: "../x" is no name of letters'],
      [["--sync", "d", "--name", ".x"], 'Cannot read --name: ".x" is no name of letters'],
    ] as const
  ) {
    const { code, err } = await ran(["fuzz", ...flags]);
    assertEquals(code, 1);
    assertStringIncludes(err, message);
  }
});
