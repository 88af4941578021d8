/** Walks: the machine decides, and tells what it decided. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { makeMachine } from "../harness.ts";
import { BUSY } from "./busy.ts";
import { NUMERIC, ONCE } from "../../../src/machine/executor.ts";
import {
  EVENT_WORDS,
  S_NEVENTS,
  S_WALK,
  S_WALK_ASKS,
  S_WALK_SEED,
  S_WALK_STATE,
} from "../../../src/prog/layout.ts";
import { unpackNumeric } from "../../../src/prog/pack.ts";
import { LIMITS, type Preempt } from "../../../src/prog/types.ts";

const m = await makeMachine({ cpus: 3 });
const { load } = await import("../../../src/engine/inputs/input.ts");
const { Scout } = await import("../../../src/machine/scout.ts");
const { ActiveSanitizers } = await import("../../../src/sanitizers/active.ts");
const { monitorOf } = await import("../../../src/machine/monitor.ts");
const { addWalked } = await import("../../../src/machine/layout/walk.ts");
const scout = new Scout(new ActiveSanitizers(m.assembled.sanitizers), "findings");

interface Walk {
  readonly seed: number;
  readonly at?: number;
  readonly state?: number;
  readonly asks?: number;
  readonly preempt?: Preempt;
  readonly fibers?: boolean;
}

/** Run a program under its schedule, which ends in a walk. */
function walked(body: string, { seed, at = 1, state = 0, asks = 0, ...walk }: Walk) {
  const executor = walk.fibers ? scout : m.executor;
  const p = m.parse(body, { preempt: walk.preempt ?? "full" });
  load(executor, p, m.spec);
  const { schedule, visits } = executor;
  schedule[S_WALK] = at;
  schedule[S_WALK_SEED] = seed;
  schedule[S_WALK_STATE] = state;
  schedule[S_WALK_ASKS] = asks;
  executor.execute(NUMERIC, ONCE);
  return {
    program: p,
    schedule: unpackNumeric(schedule, p.cpus),
    isPlain: schedule[S_WALK] === 0,
    points: executor.points,
    switches: executor.switches,
    title: executor.outcome().found?.title ?? null,
    returns: p.ops.map((_, i) => executor.returned(i)),
    visits: Array.from({ length: visits.count }, (_, v) => ({
      position: visits.position(v),
      state: visits.state(v),
    })),
  };
}

const COUNTS = "cpu0 inc()\ncpu1 inc()\ncpu2 inc()";
const SEEDS = Array.from({ length: 40 }, (_, i) => 1 + 7919 * i);

Deno.test("the schedule that a walk leaves comes to the same as the walk", () => {
  for (const preempt of ["none", "full", "rt"] as const) {
    for (const seed of SEEDS) {
      const walk = walked(BUSY, { seed, asks: 9, preempt });
      assert(walk.isPlain);
      const plain = m.run({ ...walk.program, schedule: walk.schedule }, { trace: false });
      assertEquals(
        [plain.points, plain.switches, plain.returns],
        [walk.points, walk.switches, walk.returns],
      );
    }
  }
});

Deno.test("fibers walk as Workers do", () => {
  const before = scout.ran.fibers;
  for (const seed of SEEDS) {
    assertEquals(
      walked(BUSY, { seed, asks: 9, fibers: true }),
      walked(BUSY, { seed, asks: 9 }),
    );
  }
  assert(scout.ran.fibers > before, "and some of these are done by fibers");
});

Deno.test("a walk is a function of its seed, and seeds differ", () => {
  assertEquals(walked(COUNTS, { seed: 3 }), walked(COUNTS, { seed: 3 }));
  const returns = new Set(SEEDS.map((seed) => walked(COUNTS, { seed }).returns.join()));
  assert(returns.has("0,0,0"), "all load before any stores");
  assert(returns.size > 8, [...returns].join(" "));
});

Deno.test("a walk begins at its position, behind the events", () => {
  const prefix = "schedule: numeric\norder cpu0 cpu1 cpu2\n+2 switch cpu1";
  for (const seed of SEEDS) {
    const { schedule } = walked(`${COUNTS}\n${prefix}`, { seed, at: 4 });
    const [first, second] = schedule.events;
    assertEquals(first, { gap: 2, action: "switch", cpu: 1 });
    assert(second === undefined || second.gap >= 2, "nothing at point 3");
  }
});

Deno.test("a walk tells the states of memory, and where they began", () => {
  // CPU 0 writes at its second point, and the state is another one before the next.
  const { visits } = walked("cpu0 inc()\ncpu0 inc()", { seed: 1 });
  assertEquals(visits.map((v) => v.position), [1, 3]);
  assertEquals(visits[0].state, 0);
  assertNotEquals(visits[1].state, 0);
});

Deno.test("a walk that goes on from a state comes to the states that a whole one comes to", () => {
  const prefix = "schedule: numeric\norder cpu0 cpu1 cpu2";
  const whole = walked(`cpu0 inc()\ncpu0 inc()\ncpu0 read()\n${prefix}`, { seed: 5 }).visits;
  const { position, state } = whole[1];
  const rest = walked(`cpu0 inc()\ncpu0 inc()\ncpu0 read()\n${prefix}`, {
    seed: 6,
    at: position,
    state,
  });
  assertEquals(rest.visits, whole.slice(1));
});

Deno.test("equal values in equal cells are one state, whoever wrote them, in whatever order", () => {
  const states = { "1,3": new Set<number>(), "3,2": new Set<number>() };
  for (const seed of SEEDS) {
    const { returns, visits } = walked("cpu0 add(1)\ncpu1 add(2)\ncpu2 busy()", { seed });
    const order = returns.slice(0, 2).join() as keyof typeof states;
    for (const v of visits) states[order].add(v.state);
  }
  // A CPU that has ended lets the next one go on: what it did last is seen together with what follows.
  assertEquals([states["1,3"].size, states["3,2"].size], [3, 2]);
  assertEquals(states["3,2"].difference(states["1,3"]).size, 0, "2 + 1 is 1 + 2");
});

Deno.test("what a walk asks for comes, and is in the schedule; without a kworker if none preempts", () => {
  const actions = (preempt: Preempt) =>
    new Set(
      SEEDS.flatMap((seed) =>
        walked(BUSY, { seed, asks: 3, preempt }).schedule.events.map((e) => e.action)
      ),
    );
  assertEquals([...actions("full")].sort(), ["interrupt", "kworker", "softirq", "switch"]);
  assertEquals([...actions("none")].sort(), ["interrupt", "softirq", "switch"]);
});

Deno.test("a walk without room for more events is over", () => {
  // Both loop for ever, and something is asked for at every point.
  const { isPlain, points, schedule } = walked("cpu0 forever()\ncpu1 forever()", {
    seed: 2,
    asks: 1,
  });
  assert(isPlain);
  assertEquals(schedule.events.length, LIMITS.events);
  assert(points > LIMITS.events);
});

Deno.test("whoever watches a walk gets the schedule so far", () => {
  const sched = m.executor.schedule.slice();
  sched.fill(0);
  sched[S_WALK] = 1;
  addWalked(sched, new Int32Array(2 * EVENT_WORDS).fill(5), 2);
  assertEquals([sched[S_WALK], sched[S_NEVENTS]], [0, 2]);
  walked(COUNTS, { seed: 4 });
  const { schedule } = monitorOf(m.assembled.buffer).input();
  assertEquals(unpackNumeric(schedule, 3), walked(COUNTS, { seed: 4 }).schedule);
});
