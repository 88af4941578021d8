/** Counts of the executions that came through lines, and what a campaign makes of them. */
import { assert, assertEquals } from "@std/assert";
import { FakeExecutor, SPEC } from "../fake/executor.ts";
import { Campaign } from "../../../src/engine/campaign/campaign.ts";
import { PassageCounts } from "../../../src/engine/campaign/passage_counts.ts";
import { STRATEGIES } from "../../../src/engine/strategies/all.ts";
import { OP_ID, operationAt, P_NOPS } from "../../../src/prog/layout.ts";

Deno.test("PassageCounts counts executions by line and bit, and knows what is new", () => {
  const now = [0, 0];
  const counts = new PassageCounts({ lines: 2, at: (line) => now[line] });
  const note = (...what: number[]) => {
    now.splice(0, 2, ...what);
    counts.note();
    return [counts.isThrough, counts.isNew];
  };
  assertEquals(note(0, 0), [false, false]);
  assertEquals(note(1, 0), [true, true]);
  assertEquals(note(1, 0), [true, false]);
  assertEquals(note(1 | 2, 1 | 16), [true, true]);
  assertEquals(counts.all(), [[3, 1, 0, 0, 0], [1, 0, 0, 0, 1]]);
});

const LOOK = SPEC.ops.findIndex(({ name }) => name === "look");

/** How many of the executions of a campaign look; `watched`: looking is a line that is watched. */
function looks(watched: boolean): number {
  let looking = false;
  let n = 0;
  const executor = Object.assign(new FakeExecutor(), {
    passages: { lines: watched ? 1 : 0, at: () => looking ? 1 : 0 },
  });
  const { program } = executor;
  const execute = executor.execute.bind(executor);
  executor.execute = (form) => {
    looking = Array.from({ length: program[P_NOPS] }, (_, i) => program[operationAt(i) + OP_ID])
      .includes(LOOK);
    if (looking) n++;
    execute(form);
  };
  const strategy = STRATEGIES.find(({ name }) => name === "random")!;
  const options = { seed: 3n, shard: 0, cpus: 2, preempt: "full", strategy, maxExecs: 3000 };
  const hooks = { onFinding: () => 0, stop: () => false };
  new Campaign(executor, SPEC, options, hooks).fuzz();
  return n;
}

Deno.test("a campaign comes through lines that are watched more often than without", () => {
  const [without, with_] = [looks(false), looks(true)];
  assert(with_ > without, `${with_} of 3000 instead of ${without}`);
});
