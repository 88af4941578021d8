/** What must hold for every program of a target under every schedule. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Machine, textOf } from "../machine/harness.ts";
import { RUNS } from "./runs.ts";
import { SCHEDULE_WORDS } from "../../src/prog/layout.ts";
import { PREEMPTS, type Program } from "../../src/prog/types.ts";

/** A program with a numeric schedule, from what the fuzzer itself generates. */
export async function inputs(m: Machine, cpus: number): Promise<fc.Arbitrary<Program>> {
  const { programs } = await import("../../src/engine/programs/generate.ts");
  const { STRATEGIES } = await import("../../src/engine/strategies/all.ts");
  const { Rng } = await import("../../src/engine/programs/rng.ts");
  const { unpackNumeric, unpackProgram } = await import("../../src/prog/pack.ts");
  return fc.constantFrom(...PREEMPTS).chain((preempt) =>
    fc.record({
      words: programs(m.spec, { cpus, preempt }),
      strategy: fc.constantFrom(...STRATEGIES),
      seed: fc.nat(),
      points: fc.constantFrom(20, 100, 400),
    })
  ).map(({ words, strategy, seed, points }) => {
    const p = unpackProgram(words, m.spec);
    const schedule = new Int32Array(SCHEDULE_WORDS);
    const interrupts = p.ops.filter(({ context }) => context !== "task").length;
    strategy.schedule(schedule, {
      cpus: p.cpus,
      points,
      interrupts,
      preemptible: p.preempt !== "none",
    }, new Rng(seed));
    return { ...p, schedule: unpackNumeric(schedule, p.cpus) };
  });
}

/** Register the properties of a machine whose target is generated. */
export async function testDeterminism(m: Machine, cpus: number, name: string): Promise<void> {
  const input = await inputs(m, cpus);
  const shown = (p: Program) => `\n${textOf({ ...p, title: "property" })}`;

  Deno.test(`execute() gives the same trace twice for any input of ${name}`, () => {
    fc.assert(
      fc.property(input, (p) => {
        const first = m.run(p);
        const again = m.run(p);
        assertEquals([again.hash, again.title], [first.hash, first.title], shown(p));
        const untraced = m.run(p, { trace: false });
        assertEquals([untraced.points, untraced.title], [first.points, first.title], shown(p));
      }),
      RUNS,
    );
  });

  Deno.test(`stepsOfTrace() replays what it recorded, for any input of ${name}`, () => {
    let compared = 0;
    fc.assert(
      fc.property(input, (p) => {
        const numeric = m.run(p);
        compared++;
        m.run(p); // what is recorded is the last execution
        const symbolic = m.recorded(p);
        const replayed = m.run(symbolic);
        assertEquals(replayed.unreached, 0, shown(symbolic));
        assertEquals(
          [replayed.hash, replayed.title],
          [numeric.hash, numeric.title],
          shown(p) + shown(symbolic),
        );
      }),
      RUNS,
    );
    assert(compared > RUNS.numRuns / 4, `${compared} of ${RUNS.numRuns} were compared`);
  });
}
