/** The engine needs no machine: campaign, minimiser and triage on an executor that has none. */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { FakeExecutor, SPEC, TITLE } from "./fake/executor.ts";
import { Campaign } from "../../src/engine/campaign/campaign.ts";
import {
  attempt,
  load,
  record,
  runOps,
  withRecordedSchedule,
} from "../../src/engine/inputs/input.ts";
import { STRATEGIES } from "../../src/engine/strategies/all.ts";
import { KnownBugs, type KnownInput } from "../../src/engine/triage/known.ts";
import { FollowUp, type FollowUpNews } from "../../src/engine/triage/follow_up.ts";
import { minimize } from "../../src/engine/triage/minimize.ts";
import { search } from "../../src/engine/triage/search.ts";
import type { Files } from "../../src/engine/triage/store.ts";
import { Rng } from "../../src/engine/programs/rng.ts";
import { NUMERIC } from "../../src/machine/executor.ts";
import { parseProgram } from "../../src/prog/parse.ts";
import { printProgram, printStep } from "../../src/prog/print.ts";
import type { Program } from "../../src/prog/types.ts";

function parse(body: string): Program {
  const lines = body.trim().split("\n").map((l) => l.trim());
  const text = `objcg-fuzz 1\ntitle: t\ntarget: fake\ncpus: 3\n\n${lines.join("\n")}\n`;
  const { program, errors } = parseProgram(text, "test", [SPEC]);
  assertEquals(errors.map(String), []);
  return program!;
}

const RACE = `
  cpu0 look(1)
  cpu0 add(2)
  cpu1 add(2)
  cpu2 add(3)
  cpu2 look(0)
`;
/** CPU 1 adds between the load and the store of CPU 0. */
const SCHEDULE = `
  schedule:
  cpu2 until look
  cpu0 until add: store
  cpu1 until end
  cpu0 until end
  cpu2 until end
`;

const options = (seed: bigint, maxExecs: number, strategy = STRATEGIES[0]) => ({
  seed,
  shard: 0,
  cpus: 3,
  preempt: "full",
  strategy,
  maxExecs,
});

/** Files in memory. */
function memory(): Files & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    write: (path, text) => void texts.set(path, text),
    read: (path) => texts.get(path) ?? null,
    list: () => [],
  };
}

for (const strategy of STRATEGIES) {
  Deno.test(`a campaign with ${strategy.name} finds what an executor without a machine shows`, () => {
    const run = (seed: bigint) => {
      const executor = new FakeExecutor();
      const told: string[] = [];
      const campaign = new Campaign(executor, SPEC, options(seed, 2000, strategy), {
        onFinding: (title, execs) => (told.push(`${execs} ${title}`), 0),
        onNovel: () => void told.push("novel"),
        stop: () => false,
      });
      campaign.fuzz();
      // What operations do is learned from recordings.
      assertEquals(executor.executions - executor.recordings, 2000);
      assert(executor.recordings <= 4 * SPEC.ops.length);
      assertEquals([...campaign.titles.keys()], [TITLE]);
      assertEquals(campaign.queue.entries.length, told.filter((t) => t === "novel").length);
      assertEquals(executor.calls, ["expect new", `ignore ${TITLE}`, "expect new"]);
      return [...told, campaign.points, campaign.switches];
    };
    assertEquals(run(1n), run(1n));
    assertNotEquals(run(1n), run(2n));
  });
}

Deno.test("load() says what is expected before it is executed", () => {
  const executor = new FakeExecutor();
  load(executor, { ...parse(RACE), title: "wanted" }, SPEC);
  assertEquals([executor.calls, executor.executions], [["expect wanted"], 0]);
});

Deno.test("a recorded execution gives the steps of its own schedule", () => {
  const executor = new FakeExecutor();
  const p = parse(RACE + SCHEDULE);
  assertEquals(record(executor, p, SPEC), TITLE);
  const { traceHash, unreached } = executor.outcome();
  assertEquals(unreached, 0);
  const symbolic = withRecordedSchedule(executor, parse(RACE));
  assertEquals(record(executor, symbolic, SPEC), TITLE);
  assertEquals(executor.outcome().traceHash, traceHash);
  assertEquals(attempt(executor, parse(RACE), SPEC), null, "CPU after CPU nothing is lost");
});

Deno.test("minimize() finds the two operations and the switch between them", () => {
  const executor = new FakeExecutor();
  const { program } = minimize(executor, parse(RACE + SCHEDULE), TITLE, SPEC, { budget: 2000 });
  assertEquals([program.cpus, runOps(program)], [2, 2], printProgram(program));
  assert(program.schedule?.kind === "symbolic");
  assertEquals(program.schedule.steps.map(printStep), [
    "cpu0 until add: store",
    "cpu1 until end",
  ]);
  assert(program.ops.every((o) => o.args[0].kind === "int" && o.args[0].value === 2));
});

Deno.test("search() tries schedules until one shows the title, and leaves it in the executor", () => {
  const executor = new FakeExecutor();
  const tries = search(executor, parse(RACE), TITLE, SPEC, new Rng(1), () => false);
  assert(tries > 0 && tries === executor.executions);
  executor.execute(NUMERIC);
  assert(executor.hasFound);
  assertEquals(search(executor, parse(RACE), "no such title", SPEC, new Rng(1), () => true), 0);
});

/** Follow up the finding of a program; what was told, and the files. */
function followUp(executor: FakeExecutor, body: string, known: readonly KnownInput[] = []) {
  const files = memory();
  const news: FollowUpNews[] = [];
  const follow = new FollowUp({
    executor,
    spec: SPEC,
    kernel: "posted",
    kcsan: "off",
    surroundings: {},
    files,
    dir: "crashes",
    origin: (execs) => `Found after ${execs}.`,
    command: (file) => `replay ${file}`,
    known: new KnownBugs({ executor, spec: SPEC, inputs: () => known }),
    page: (p, { command }) => `${command}: ${p.title}`,
    tell: (n) => void news.push(n),
    stop: () => false,
  });
  const p = parse(body);
  const title = attempt(executor, p, SPEC)!;
  const before = executor.executions;
  const used = follow.finding(title, 7, p);
  assertEquals(used, executor.executions - before, "it counts what it executes");
  return { follow, news, texts: files.texts };
}

Deno.test("FollowUp saves a small input and a report of a finding, and tells where", () => {
  const { follow, news, texts } = followUp(new FakeExecutor(), RACE + SCHEDULE);
  assertEquals(news.length, 1);
  assert(news[0].event === "saved");
  const { brief, file, page, report, ...saved } = news[0].saved;
  const counts = {
    execs: 7,
    ops: 2,
    switches: 2,
    cpus: 2,
    isLockup: false,
    known: null,
    cause: TITLE,
    places: [],
  };
  assertEquals(saved, { title: TITLE, ...counts });
  assertEquals(brief, ["  details", "  cpu0  add(2)", "  cpu1  add(2)"]);
  assertEquals([...texts.keys()], [file, report], "the page comes later");
  assertEquals(follow.pagesLeft, 1);
  follow.writePages();
  assertEquals(follow.pagesLeft, 0);
  assertEquals([...texts.keys()], [file, report, page]);
  assertEquals(texts.get(page!), `replay ${file}: ${TITLE}`);
  const { program, errors } = parseProgram(texts.get(file)!, file, [SPEC]);
  assertEquals(errors, []);
  assertEquals(program!.expects.map(({ kernel, title }) => [kernel, title]), [["posted", TITLE]]);
  assertStringIncludes(texts.get(file)!, "# Found after 7.");
  assertEquals(attempt(new FakeExecutor(), program!, SPEC), TITLE);
  for (const words of [TITLE, `replay ${file}`, file, "CPU0", "CPU1"]) {
    assertStringIncludes(texts.get(report)!, words);
  }
  assertEquals([follow.titles, follow.isOver], [[TITLE], false]);
});

Deno.test("FollowUp gives up when a finding does not come again, and keeps the input", () => {
  const { follow, news, texts } = followUp(new FakeExecutor({ diverges: true }), RACE + SCHEDULE);
  const file = "crashes/diverged-7.txt";
  assertEquals(news, [{ event: "diverged", file, title: TITLE, again: null }]);
  assertEquals([...texts.keys()], [file]);
  assertEquals([follow.titles, follow.isOver], [[], true]);
});

Deno.test("FollowUp gives up when something throws, and keeps the input", () => {
  const { follow, news, texts } = followUp(new FakeExecutor(), "cpu0 fail()");
  const file = "crashes/exception-7.txt";
  assertEquals(news, [{ event: "broken", fault: "exception", file, text: "details" }]);
  assertEquals([...texts.keys()], [file]);
  assert(follow.isOver);
});

Deno.test("FollowUp takes an input that asks for too much for no finding", () => {
  const { follow, news, texts } = followUp(new FakeExecutor(), "cpu0 hoard()");
  assertEquals([news, texts.size, follow.isOver], [[], 0, false]);
});
