/** What fibers and Workers must both come to, for every program under every schedule. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Machine, textOf } from "../machine/harness.ts";
import { inputs } from "./determinism.ts";
import { RUNS } from "./runs.ts";
import type { Program } from "../../src/prog/types.ts";

/** Modules that exist once the machine is assembled. */
async function parts(m: Machine) {
  const { Scout } = await import("../../src/machine/scout.ts");
  const { ActiveSanitizers } = await import("../../src/sanitizers/active.ts");
  const { formOf, load } = await import("../../src/engine/inputs/input.ts");
  const scout = new Scout(new ActiveSanitizers(m.assembled.sanitizers), "all");
  return { formOf, load, scout };
}

/** Returns a function that compares both on one input; false if fibers cannot run it. */
export async function comparison(m: Machine): Promise<(p: Program) => boolean> {
  const { formOf, load, scout } = await parts(m);
  const outcome = (p: Program) => {
    // What is new depends on what ran before, and only Workers collect what a report needs.
    const { found, novel: _, ...rest } = scout.outcome();
    return { ...rest, title: found?.title, returned: p.ops.map((_, i) => scout.returned(i)) };
  };
  return (p) => {
    // A schedule may name what the kernel does not have: then CPUs run in turn.
    const input = load(scout, p, m.spec).length === 0 ? p : { ...p, schedule: null };
    load(scout, input, m.spec);
    if (!scout.recordFibers(formOf(input))) return false;
    const fibers = outcome(input);
    scout.record(formOf(input));
    assertEquals(fibers, outcome(input), `\n${textOf({ ...input, title: "property" })}`);
    return true;
  };
}

/** Register the property of a machine whose target is generated; `share` of the inputs are compared. */
export async function testFibers(
  m: Machine,
  cpus: number,
  name: string,
  share: number,
): Promise<void> {
  const input = await inputs(m, cpus);
  const compare = await comparison(m);

  Deno.test(`fibers and Workers have the same trace for any input of ${name}`, () => {
    let compared = 0;
    fc.assert(fc.property(input, (p) => void (compared += compare(p) ? 1 : 0)), RUNS);
    assert(compared >= share * RUNS.numRuns, `${compared} of ${RUNS.numRuns} were compared`);
  });
}

/** A hash: the whole is too long for a message. */
async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/** What a campaign of so many executions came to. */
export async function campaignOn(
  m: Machine,
  machine: "scout" | "fibers" | "lockstep",
  options: { cpus: number; preempt: string; strategy: string; execs: number },
) {
  const { Campaign } = await import("../../src/engine/campaign/campaign.ts");
  const { strategyNamed } = await import("../../src/engine/strategies/all.ts");
  const { ActiveSanitizers } = await import("../../src/sanitizers/active.ts");
  const { Scout } = await import("../../src/machine/scout.ts");
  const judges = new ActiveSanitizers(m.assembled.sanitizers);
  const scout = new Scout(judges, machine === "scout" ? "all" : "findings");
  const executor = machine === "lockstep" ? m.executor : scout;
  executor.forget();
  executor.program.fill(0);
  executor.schedule.fill(0);
  const campaign = new Campaign(executor, m.spec, {
    seed: 1n,
    shard: 0,
    cpus: options.cpus,
    preempt: options.preempt,
    strategy: strategyNamed(options.strategy)!,
    maxExecs: options.execs,
  }, { onFinding: () => 0, stop: () => false });
  campaign.fuzz();
  const { execs, features, points, queue, switches, titles } = campaign;
  const entries = JSON.stringify(queue.entries.map((e) => [...e.program, ...e.schedule]));
  return {
    result: {
      execs,
      features,
      points,
      queue: await digest(entries),
      switches,
      titles: [...titles],
    },
    ran: scout.ran,
  };
}
