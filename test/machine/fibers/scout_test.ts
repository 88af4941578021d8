/** What the scout promises: Workers judge what is new, and a difference is told. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { file, makeMachine } from "../harness.ts";
import {
  AGAIN,
  Divergence,
  FIRST,
  NUMERIC,
  ONCE,
  SYMBOLIC,
} from "../../../src/machine/executor.ts";
import type { Program } from "../../../src/prog/types.ts";

const m = await makeMachine({ cpus: 3, target: file("test/machine/fibers/unequal_target.ts") });
const { load } = await import("../../../src/engine/inputs/input.ts");
const { Scout } = await import("../../../src/machine/scout.ts");
const { ActiveSanitizers } = await import("../../../src/sanitizers/active.ts");
const { kindOf, Prospects } = await import("../../../src/machine/fibers/prospects.ts");
const coverage = await import("../../../src/machine/memory/coverage.ts");
const { views } = await import("../../../src/machine/words/arena.ts");

const judges = new ActiveSanitizers(m.assembled.sanitizers);
const FINE = "cpu0 add(1)\ncpu1 add(2)";

function scout(judged: "all" | "findings", p: Program) {
  const s = new Scout(judges, judged);
  s.forget();
  load(s, p, m.spec);
  s.expect(null);
  return s;
}

Deno.test("Workers run again what has new features, and nothing else", () => {
  const s = scout("all", m.parse(FINE));
  s.execute(NUMERIC, FIRST);
  assert(s.novel > 0);
  assertEquals(s.ran, { fibers: 0, workers: 1 });
  s.execute(NUMERIC, AGAIN);
  assertEquals(s.novel, 0);
  assertEquals(s.ran, { fibers: 1, workers: 1 });
});

Deno.test("without Workers for features, what is new is new all the same", () => {
  const s = scout("findings", m.parse(FINE));
  s.execute(NUMERIC, ONCE);
  const { novel } = s;
  assert(novel > 0);
  assertEquals(s.ran, { fibers: 1, workers: 0 });
  s.forget();
  m.executor.execute(NUMERIC, ONCE);
  assertEquals(m.executor.novel, novel);
});

Deno.test("Workers judge findings until their title is ignored", () => {
  const s = scout("findings", m.parse("cpu0 add(1)\ncpu1 wrong()"));
  s.execute(NUMERIC, ONCE);
  assert(s.hasFound);
  assertEquals(s.ran, { fibers: 0, workers: 1 });
  s.ignore(s.outcome().found!.title);
  s.execute(NUMERIC, ONCE);
  assert(s.hasFound);
  assertEquals(s.ran, { fibers: 1, workers: 1 });
});

Deno.test("an input that is to show a finding runs again only if it shows one", () => {
  const s = scout("findings", m.parse(FINE));
  s.expect(["a title"]);
  s.execute(NUMERIC, ONCE);
  assertEquals(s.ran, { fibers: 1, workers: 0 });
  const shows = scout("findings", m.parse("cpu0 add(1)\ncpu1 wrong()"));
  shows.execute(NUMERIC, ONCE);
  const { title } = shows.outcome().found!;
  shows.ignore(title);
  shows.expect([title]);
  shows.execute(NUMERIC, ONCE);
  assertEquals(shows.outcome().found!.title, title);
  assertEquals(shows.ran, { fibers: 0, workers: 2 });
});

Deno.test("an attempt ends with what fibers show, unless it is an exception", () => {
  const s = scout("all", m.parse("cpu0 add(1)\ncpu1 warn()"));
  s.attempt(NUMERIC);
  assertEquals(s.outcome().found?.title, "WARNING in box_warn");
  assertEquals(s.ran, { fibers: 1, workers: 0 });
  const throws = scout("all", m.parse("cpu0 add(1)\ncpu1 throw()"));
  throws.attempt(NUMERIC);
  assert(throws.hasFound);
  assertEquals(throws.ran, { fibers: 0, workers: 1 });
});

Deno.test("confirm() compares fibers with Workers, and changes nothing", () => {
  const s = scout("all", m.parse("cpu0 add(1)\ncpu1 warn()"));
  s.attempt(NUMERIC);
  const was = { seen: s.coverage.slice(), counts: s.states.counts.slice() };
  s.confirm(NUMERIC);
  assertEquals(s.ran, { fibers: 1, workers: 1 });
  assertEquals(s.outcome().found?.title, "WARNING in box_warn");
  assertEquals([...s.coverage], [...was.seen]);
  assertEquals([...s.states.counts], [...was.counts]);
  const unequal = scout("all", m.parse("cpu0 unequal()\ncpu1 unequal()"));
  unequal.attempt(NUMERIC);
  assertEquals(unequal.ran, { fibers: 1, workers: 0 });
  assertThrows(() => unequal.confirm(NUMERIC), Divergence);
});

Deno.test("a symbolic schedule runs on fibers too", () => {
  const p = m.parse(`${FINE}\nschedule:\ncpu1 until end\ncpu0 until end`);
  const s = scout("findings", p);
  s.execute(SYMBOLIC, ONCE);
  assertEquals(s.ran, { fibers: 1, workers: 0 });
  assertEquals(s.outcome().unreached, 0);
});

Deno.test("Workers run programs of one CPU", () => {
  const one = scout("findings", m.parse("cpu0 add(1)", { cpus: 1 }));
  one.execute(NUMERIC, ONCE);
  assertEquals(one.ran, { fibers: 0, workers: 1 });
});

Deno.test("a difference between fibers and Workers is thrown with both traces", () => {
  const s = scout("all", m.parse("cpu0 unequal()\ncpu1 unequal()"));
  const { message } = assertThrows(() => s.execute(NUMERIC, ONCE), Divergence);
  for (
    const part of [
      "Workers: points: ",
      "Trace of the fibers: ",
      "Fibers, from point ",
      "Workers, from point ",
    ]
  ) assert(message.includes(part), message);
});

Deno.test("takeBack() undoes features, meetings and states", () => {
  const { seen } = views();
  scout("all", m.parse(FINE));
  coverage.feature(7, 1);
  const was = { seen: seen.slice(), counts: coverage.stateCounts.slice() };
  coverage.openLog();
  coverage.novel(11);
  coverage.markMeeting(11);
  coverage.feature(7, 0);
  coverage.feature(8, 2);
  coverage.takeBack();
  assertEquals([...seen], [...was.seen]);
  assertEquals([...coverage.stateCounts], [...was.counts]);
  assertEquals(coverage.rarestCpu(), 1);
  coverage.novel(12);
  coverage.takeBack();
  assert(seen[12] !== 0, "a closed log undoes nothing");
});

Deno.test("prospects are those of schedules with as many switches", () => {
  const p = m.parse(`${FINE}\nschedule: numeric\norder cpu0 cpu1 cpu2\n+1 demote\n+1 softirq`);
  load(m.executor, p, m.spec);
  assertEquals(kindOf(m.executor.schedule), 1);
  const prospects = new Prospects();
  for (let i = 0; i < 100; i++) prospects.note(1, true);
  const tries = Array.from({ length: 320 }, () => prospects.areGood(1)).filter(Boolean).length;
  assertEquals(tries, 10, "a bad kind is tried now and then");
  assert(prospects.areGood(2));
  for (let i = 0; i < 100; i++) prospects.note(1, false);
  assert(prospects.areGood(1));
});
