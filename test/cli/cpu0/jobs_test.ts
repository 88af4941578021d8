import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { COMMON, RACE, surroundings } from "./jobs.ts";
import { FakeExecutor, SPEC, TITLE } from "../../engine/fake/executor.ts";
import { withDir } from "../../with_dir.ts";
import { OURS } from "../../../src/cli/cpu0/findings.ts";
import { fuzz } from "../../../src/cli/cpu0/job_fuzz.ts";
import { minimizeFile } from "../../../src/cli/cpu0/job_minimize.ts";
import { replay } from "../../../src/cli/cpu0/job_replay.ts";
import { searchFor } from "../../../src/cli/cpu0/job_search.ts";
import { EXIT } from "../../../src/cli/protocol/exit_code.ts";
import type { FuzzJob, ReplayJob } from "../../../src/cli/protocol/jobs.ts";
import { parseProgram } from "../../../src/prog/parse.ts";

const REPLAY: ReplayJob = {
  page: false,
  ...COMMON,
  verb: "replay",
  files: [],
  repeat: 3,
  trace: false,
  flags: "",
};

function fuzzJob(dir: string, more: Partial<FuzzJob> = {}): FuzzJob {
  return {
    ...COMMON,
    verb: "fuzz",
    seed: "1",
    shard: 0,
    generation: 0,
    saved: [],
    since: 0,
    shards: 1,
    maxExecs: 500,
    maxMs: null,
    strategy: "portfolio",
    machine: "lockstep",
    corpusDir: dir,
    artifactsDir: `${dir}/crashes`,
    exitOnCrash: false,
    known: [],
    countKnown: false,
    surroundings: {},
    readCorpus: false,
    sync: null,
    ...more,
  };
}

const names = (dir: string) => [...Deno.readDirSync(dir)].map((f) => f.name).sort();

Deno.test("fuzz() saves what it finds and what is new, says so, and exits as it should", () =>
  withDir((dir) => {
    const { context, said } = surroundings();
    assertEquals(fuzz(fuzzJob(dir), context), EXIT.bug);
    const crash = said.find((e) => e.event === "crash")!;
    assertEquals([crash.title, crash.cpus, crash.ops], [TITLE, 2, 2]);
    assertEquals(crash.command, `deno task replay ${crash.file}`);
    assertEquals(
      [crash.file, crash.report, crash.page],
      names(`${dir}/crashes`).toSorted().reverse()
        .map((name) => `${dir}/crashes/${name}`),
    );
    const { program, errors } = parseProgram(Deno.readTextFileSync(crash.file), "", [SPEC]);
    assertEquals([errors, program!.expects[0].title], [[], TITLE]);
    assertStringIncludes(
      Deno.readTextFileSync(crash.file),
      "Found by fuzzing posted with --seed 1",
    );
    const done = said.at(-1)!;
    assert(done.event === "done");
    assertEquals([done.execs >= 500, done.titles], [true, [TITLE]]);
    assertEquals(context.board.progress.execs, done.execs);
    assert(names(`${dir}/queue`).length > 0);
    assert(said.some((e) => e.event === "pulse" && e.execs === 1));
  }));

Deno.test("fuzz() stops when it is asked to, and at the first crash if that is wanted", () =>
  withDir((dir) => {
    const asked = surroundings();
    asked.context.board.askToStop();
    assertEquals(fuzz(fuzzJob(dir), asked.context), EXIT.ok);
    assertEquals(asked.executor.executions, 0);
    const { context, said } = surroundings();
    assertEquals(fuzz(fuzzJob(dir, { exitOnCrash: true, maxExecs: null }), context), EXIT.bug);
    assertEquals(said.filter((e) => e.event === "crash").length, 1);
  }));

Deno.test("fuzz() gives up with 79 when a finding does not come again, and keeps the input", () =>
  withDir((dir) => {
    const { context, said } = surroundings(new FakeExecutor({ diverges: true }));
    assertEquals(fuzz(fuzzJob(dir), context), EXIT.internal);
    const error = said.find((e) => e.event === "error")!;
    assertEquals(error.code, EXIT.internal);
    const [file] = names(`${dir}/crashes`);
    assertStringIncludes(error.message, `${dir}/crashes/${file}`);
    assertStringIncludes(error.message, `"${TITLE}"`);
  }));

Deno.test("fuzz() runs the inputs of earlier campaigns first, if that is wanted", () =>
  withDir((dir) => {
    Deno.mkdirSync(`${dir}/seeds`);
    Deno.writeTextFileSync(`${dir}/seeds/race.txt`, RACE);
    Deno.writeTextFileSync(`${dir}/seeds/wrong.txt`, "not an input");
    const { context, said } = surroundings();
    assertEquals(fuzz(fuzzJob(dir, { readCorpus: true, maxExecs: 1 }), context), EXIT.bug);
    const crash = said.find((e) => e.event === "crash")!;
    assertEquals([crash.title, crash.execs_to_find], [TITLE, 1]);
  }));

Deno.test("replay() compares with what files expect, and says what is wrong with them", () => {
  const { context, said } = surroundings();
  const files = [
    { path: "race.txt", text: RACE },
    { path: "fine.txt", text: RACE.replace(/schedule:[^]*/, "") },
    { path: "throws.txt", text: RACE.replace(/cpu0 {2}add[^]*/, "cpu0  fail()\n") },
    { path: "wrong.txt", text: RACE.replaceAll("add", "ad") },
  ];
  assertEquals(replay({ ...REPLAY, files }, context), EXIT.usage, "not all could be replayed");
  const replays = said.filter((e) => e.event === "replay");
  assertEquals(replays.map((e) => [e.file, e.title, e.ok, e.hashes, e.runs]), [
    ["race.txt", TITLE, true, 1, 3],
    ["fine.txt", null, false, 1, 3],
  ]);
  assertStringIncludes(replays[0].text!, "deno task replay race.txt");
  assertEquals(replays[1].text, undefined);
  const errors = said.filter((e) => e.event === "error");
  assertEquals(errors.map((e) => e.code), [EXIT.internal, EXIT.usage]);
  assertStringIncludes(errors[0].message, `${OURS}\nThe input is throws.txt\n`);
  assertStringIncludes(errors[1].message, "wrong.txt:7:7: ");
});

Deno.test("replay() says which input makes a file of the user's throw", () => {
  const { context, said } = surroundings(new FakeExecutor({ fault: "mistake" }));
  const files = [{ path: "t.txt", text: RACE.replace(/cpu0 {2}add[^]*/, "cpu0  fail()\n") }];
  replay({ ...REPLAY, files, patches: ["file:///p.ts"] }, context);
  const errors = said.filter((e) => e.event === "error");
  assertEquals(errors.map((e) => [e.code, e.message]), [
    [EXIT.usage, "details\nThe input is t.txt"],
  ]);
});

Deno.test("minimizeFile() writes a smaller input, or says that there is no bug", () =>
  withDir((dir) => {
    const out = `${dir}/min.txt`;
    const text = RACE.replace("cpu1  add(2)", "cpu0  look(1)\ncpu1  add(2)\ncpu1  add(1)");
    const job = {
      ...COMMON,
      verb: "minimize" as const,
      surroundings: {},
      path: "in.txt",
      text,
      out,
    };
    const { context, said } = surroundings();
    assertEquals(minimizeFile(job, context), EXIT.ok);
    assertEquals(said[0], {
      event: "minimized",
      file: out,
      title: TITLE,
      ops: 2,
      switches: 2,
      cpus: 2,
    });
    assertStringIncludes(Deno.readTextFileSync(out), `expect posted: ${TITLE}`);
    const fine = surroundings();
    const none = { ...job, text: RACE.replace(/schedule:[^]*/, ""), out: `${dir}/none.txt` };
    assertEquals(minimizeFile(none, fine.context), EXIT.unmet);
    assertStringIncludes(
      (fine.said[0] as { message: string }).message,
      "it shows no bug on posted",
    );
    assertEquals(names(dir), ["min.txt"]);
  }));

Deno.test("searchFor() finds a schedule for what free-running CPUs have shown", () =>
  withDir((dir) => {
    const { context, said } = surroundings();
    const text = RACE.replace(/schedule:[^]*/, "");
    const candidates = [{ title: TITLE, text }, { title: "no such title", text: "not an input" }];
    assertEquals(searchFor(fuzzJob(dir), candidates, context), EXIT.bug);
    const done = said.at(-1)!;
    assert(done.event === "done");
    assertEquals(done.titles, [TITLE]);
    assertEquals(said.filter((e) => e.event === "crash").length, 1);
  }));
