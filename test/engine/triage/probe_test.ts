import { assert, assertEquals } from "@std/assert";
import { FakeExecutor, SPEC, TITLE } from "../fake/executor.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { NOT_SEARCHED, probe } from "../../../src/engine/triage/probe.ts";
import { parseProgram } from "../../../src/prog/parse.ts";
import type { Place } from "../../../src/report/places.ts";
import type { TracePoint } from "../../../src/report/types.ts";

const HEAD = "objcg-fuzz 1\ntitle: a race\ntarget: fake\ncpus: 2\n\n";
const RACE = `${HEAD}cpu0  add(2)\ncpu1  add(2)\n\nschedule:\n`;

/** The place of an access of the fake. */
function placeOf(fn: string): Place {
  return { fn, caller: "", struct: "cell", field: "" };
}

/** An executor whose recordings name the cell of each operation. */
function withCells(cells: readonly number[]): FakeExecutor {
  const executor = new FakeExecutor();
  const { recording } = executor;
  const located = ({ op, what, ...point }: TracePoint): TracePoint => {
    return { ...point, op, what, object: what === "begin" ? null : `cell#${cells[op]}` };
  };
  const points = () => recording.points().map(located);
  return Object.assign(executor, { recording: { ...recording, points } });
}

function ask(
  text: string,
  titles: string[] = [TITLE],
  budget = 100,
  always = false,
  places: readonly Place[] = [],
  executor = new FakeExecutor(),
) {
  const { program, errors } = parseProgram(text, "test", [SPEC]);
  assertEquals(errors, []);
  const options = {
    titles: new Set(titles),
    places,
    budget,
    always,
    rng: new Rng(1n, 0),
    stop: () => false,
  };
  return probe(executor, program!, SPEC, options);
}

Deno.test("probe() says that the schedule of the file shows the bug, or another one", () => {
  const text = `${RACE}cpu0 until add: store\ncpu1 until end\ncpu0 until end\n`;
  const shown = { title: TITLE, missing: null, ...NOT_SEARCHED };
  assertEquals(ask(text), { result: "bug", ...shown });
  assertEquals(ask(text, ["something else"]), { result: "other", ...shown });
});

Deno.test("probe() trusts a schedule that was reached whole, and searches no further", () => {
  assertEquals(ask(`${RACE}cpu0 until end\ncpu1 until end\n`), {
    result: "clean",
    title: null,
    missing: null,
    ...NOT_SEARCHED,
  });
});

Deno.test("probe() searches further if it is asked to", () => {
  const found = ask(`${RACE}cpu0 until end\ncpu1 until end\n`, [TITLE], 100, true);
  assertEquals([found.result, found.title, found.missing], ["bug", TITLE, null]);
  assert(found.searched > 0);
  const none = ask(`${RACE}cpu0 until end\ncpu1 until end\n`, ["something else"], 100, true);
  assertEquals([none.result, none.title, none.searched], ["clean", null, 100]);
});

Deno.test("probe() searches for the bug where the schedule names a point that is not reached", () => {
  const text = `${RACE}cpu0 until look: load\ncpu1 until end\n`;
  const found = ask(text);
  assertEquals([found.result, found.title, found.missing], ["bug", TITLE, "cpu0 until look: load"]);
  assert(found.searched > 0 && found.searched <= 100);
  assertEquals(ask(text), found, "the same every time");
});

Deno.test("probe() says how hard it looked if it finds nothing", () => {
  const text = `${HEAD}cpu0  add(1)\ncpu1  add(2)\n\nschedule:\ncpu0 until look: load\n`;
  const missing = "cpu0 until look: load";
  assertEquals(ask(text), {
    result: "unreached",
    title: null,
    missing,
    searched: 100,
    recorded: 0,
    through: 0,
  });
  assertEquals(ask(text, [TITLE], 0).searched, 0);
  assertEquals(ask(text, []).searched, 0, "nothing to look for");
});

Deno.test("probe() counts the recorded schedules that come through both places of a conflict", () => {
  const counts = (cell: number) => {
    const text = `${HEAD}cpu0  add(1)\ncpu1  look(${cell})\n\nschedule:\ncpu0 until end\n`;
    const places = [placeOf("add"), placeOf("look")];
    const { searched, recorded, through } = ask(
      text,
      [TITLE],
      100,
      true,
      places,
      withCells([1, cell]),
    );
    assertEquals(searched, 100);
    return { recorded, through };
  };
  const { recorded, through } = counts(1);
  assert(recorded > 0 && recorded < 100);
  assertEquals(through, recorded, "one cell");
  assertEquals(counts(2), { recorded, through: 0 }, "another cell");
});
