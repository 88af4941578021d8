/** What must hold for walks of every program of a target. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Machine, textOf } from "../machine/harness.ts";
import { inputs } from "./determinism.ts";
import { campaignOn } from "./fibers.ts";
import { RUNS } from "./runs.ts";
import { NUMERIC, ONCE } from "../../src/machine/executor.ts";
import { S_WALK, S_WALK_ASKS, S_WALK_SEED, S_WALK_STATE } from "../../src/prog/layout.ts";
import { unpackNumeric } from "../../src/prog/pack.ts";
import type { Program } from "../../src/prog/types.ts";

/** Register the properties of a machine whose target is generated. */
export async function testWalks(m: Machine, cpus: number, name: string): Promise<void> {
  const input = await inputs(m, cpus);
  const { load } = await import("../../src/engine/inputs/input.ts");
  const { Scout } = await import("../../src/machine/scout.ts");
  const { ActiveSanitizers } = await import("../../src/sanitizers/active.ts");
  const scout = new Scout(new ActiveSanitizers(m.assembled.sanitizers), "findings");

  /** Walk from point `at` of the input's schedule on, or without a walk if that is 0. */
  function walk(executor: typeof m.executor, p: Program, at: number, seed: number) {
    load(executor, p, m.spec);
    const { schedule, visits } = executor;
    schedule[S_WALK] = at;
    schedule[S_WALK_SEED] = seed;
    schedule[S_WALK_STATE] = 0;
    schedule[S_WALK_ASKS] = 40;
    executor.expect(null);
    executor.execute(NUMERIC, ONCE);
    const { found, points, switches } = executor.outcome();
    return {
      result: { points, switches, title: found?.title ?? null },
      schedule: unpackNumeric(schedule, p.cpus),
      visits: Array.from({ length: visits.count }, (_, v) => [visits.position(v), visits.state(v)]),
    };
  }

  Deno.test(`a walk of ${name} is that of fibers, and leaves a schedule that comes to the same`, () => {
    let walked = 0;
    fc.assert(
      fc.property(input, fc.integer({ min: 1, max: 10 }), fc.nat(), (p, more, seed) => {
        if (p.schedule?.kind !== "numeric") throw new Error("inputs have numeric schedules");
        const events = p.schedule.events.slice(0, 1);
        const at = events.reduce((sum, e) => sum + e.gap, 0) + more;
        const q = { ...p, schedule: { ...p.schedule, events } };
        const shown = `\n${textOf({ ...q, title: "property" })}\nwalk at ${at}, seed ${seed}`;
        const workers = walk(m.executor, q, at, seed);
        assertEquals(walk(scout, q, at, seed), workers, shown);
        const plain = { ...q, schedule: workers.schedule };
        assertEquals(walk(m.executor, plain, 0, 0).result, workers.result, shown);
        if (workers.schedule.events.length > events.length) walked++;
      }),
      RUNS,
    );
    assert(walked > RUNS.numRuns / 8, `${walked} of ${RUNS.numRuns} decided something`);
  });

  Deno.test(`a campaign of walks of ${name} is that of fibers`, async () => {
    const options = { cpus, preempt: "full", strategy: "explore", execs: 600 };
    const workers = await campaignOn(m, "lockstep", options);
    const both = await campaignOn(m, "scout", options);
    assertEquals(both.result, workers.result);
    assert(both.ran.fibers > 0);
  });
}
