import { assert, assertEquals, assertNotEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { STRATEGIES, strategyNamed } from "../../../src/engine/strategies/all.ts";
import type { Strategy } from "../../../src/engine/strategies/strategy.ts";
import { S_WALK, S_WALK_SEED, SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import { packNumeric, unpackNumeric } from "../../../src/prog/pack.ts";
import { LIMITS, type NumericEvent } from "../../../src/prog/types.ts";
import { RUNS } from "../../properties/runs.ts";

/** Those that write all events themselves, and the one that lets the executor walk. */
const WRITTEN = STRATEGIES.filter(({ name }) => name !== "explore");

/** A strategy that has not seen anything. */
const own = (s: Strategy) => s.begin?.() ?? s;

const SITUATION = fc.record({
  cpus: fc.integer({ min: 1, max: 32 }),
  points: fc.integer({ min: 16, max: 20_000 }),
  interrupts: fc.nat(12),
  preemptible: fc.boolean(),
});
const at = (events: readonly NumericEvent[]) => {
  let sum = 0;
  return events.map(({ gap }) => sum += gap);
};

for (const strategy of WRITTEN) {
  Deno.test(`${strategy.name} writes valid schedules: order, sorted events, within capacity`, () => {
    fc.assert(
      fc.property(SITUATION, fc.nat(), (s, seed) => {
        const words = new Int32Array(SCHEDULE_WORDS).fill(-7);
        own(strategy).schedule(words, s, new Rng(seed));
        const { order, events } = unpackNumeric(words, s.cpus);
        assertEquals(words[S_WALK], 0);
        assertEquals([...order].sort((a, b) => a - b), order.map((_, i) => i));
        assert(events.length <= LIMITS.events);
        for (const e of events) {
          assert(e.gap >= 1);
          assert(e.action !== "switch" || (e.cpu! >= 0 && e.cpu! < s.cpus));
        }
        // Events at one place are a point apart, so that the last may lie a little behind the end.
        assert((at(events).at(-1) ?? 0) <= s.points + events.length);
        assertEquals(events.filter((e) => e.action === "interrupt").length, s.interrupts);
        const again = new Int32Array(SCHEDULE_WORDS);
        packNumeric({ kind: "numeric", order, events }, s.cpus, again);
        const used = 1 + s.cpus;
        assertEquals([...again.subarray(0, used)], [...words.subarray(0, used)]);
      }),
      RUNS,
    );
  });

  Deno.test(`${strategy.name} is a function of its generator, and not always the same`, () => {
    const s = { cpus: 3, points: 200, interrupts: 1, preemptible: true };
    const schedule = (seed: number) => {
      const words = new Int32Array(SCHEDULE_WORDS);
      own(strategy).schedule(words, s, new Rng(seed));
      return unpackNumeric(words, 3);
    };
    assertEquals(schedule(5), schedule(5));
    assertNotEquals(schedule(5), schedule(6));
  });

  Deno.test(`${strategy.name} lets every CPU begin, and places events everywhere`, () => {
    const first = new Set<number>();
    let early = 0;
    let late = 0;
    for (let seed = 0; seed < 300; seed++) {
      const words = new Int32Array(SCHEDULE_WORDS);
      own(strategy).schedule(
        words,
        { cpus: 4, points: 100, interrupts: 0, preemptible: false },
        new Rng(seed),
      );
      const { order, events } = unpackNumeric(words, 4);
      first.add(order[0]);
      for (const p of at(events)) {
        if (p <= 50) early++;
        else late++;
      }
    }
    assertEquals(first.size, 4);
    assert(early > 50 && late > 50, `${early} early, ${late} late`);
  });
}

Deno.test("pct demotes at most four times; random never does", () => {
  for (let seed = 0; seed < 300; seed++) {
    const counts = STRATEGIES.map((s) => {
      const words = new Int32Array(SCHEDULE_WORDS);
      own(s).schedule(
        words,
        { cpus: 3, points: 300, interrupts: 0, preemptible: false },
        new Rng(seed),
      );
      return unpackNumeric(words, 3).events.filter((e) => e.action === "demote").length;
    });
    const of = (name: string) => counts[STRATEGIES.findIndex((s) => s.name === name)];
    assert(of("pct") <= 4);
    assertEquals(of("random"), 0);
  }
});

for (const strategy of WRITTEN) {
  Deno.test(`${strategy.name} lets kworkers preempt, in preemptible kernels only`, () => {
    const count = (preemptible: boolean) => {
      let n = 0;
      for (let seed = 0; seed < 100; seed++) {
        const words = new Int32Array(SCHEDULE_WORDS);
        own(strategy).schedule(
          words,
          { cpus: 2, points: 50, interrupts: 0, preemptible },
          new Rng(seed),
        );
        n += unpackNumeric(words, 2).events.filter((e) => e.action === "kworker").length;
      }
      return n;
    };
    assert(count(true) > 10);
    assertEquals(count(false), 0);
  });
}

Deno.test("strategyNamed() finds strategies by name", () => {
  for (const s of STRATEGIES) assertStrictEquals(strategyNamed(s.name), s);
  assertStrictEquals(strategyNamed("none such"), undefined);
  assertEquals(new Set(STRATEGIES.map(({ name }) => name)).size, STRATEGIES.length);
});

Deno.test("explore writes an order of the CPUs, and where the executor begins to walk", () => {
  fc.assert(
    fc.property(SITUATION, fc.nat(), (s, seed) => {
      const words = new Int32Array(SCHEDULE_WORDS).fill(-7);
      own(strategyNamed("explore")!).schedule(words, s, new Rng(seed));
      const { order, events } = unpackNumeric(words, s.cpus);
      assertEquals([...order].sort((a, b) => a - b), order.map((_, i) => i));
      assertEquals([events.length, words[S_WALK]], [0, 1]);
      const again = words.slice();
      own(strategyNamed("explore")!).schedule(again, s, new Rng(seed + 1));
      assertNotEquals(again[S_WALK_SEED], words[S_WALK_SEED]);
    }),
    RUNS,
  );
});
