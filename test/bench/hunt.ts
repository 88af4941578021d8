/**
 * Looking for a program's bug: the program is fixed, a strategy varies the schedule.
 *
 * @module
 */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { Machine } from "../machine/harness.ts";
import { NUMERIC, ONCE } from "../../src/machine/executor.ts";

/** Lines a target may have to count as one that a newcomer writes. */
const LINES_MAX = 40;
const SEEDS = 10;
const GIVE_UP = 20_000;

/** Executions until the first finding, and its title. */
async function hunt(m: Machine, strategy: string, seed: number): Promise<[number, string | null]> {
  const { load, titleOf } = await import("../../src/engine/inputs/input.ts");
  const { strategyNamed } = await import("../../src/engine/strategies/all.ts");
  const { Rng } = await import("../../src/engine/programs/rng.ts");
  const { parseProgram } = await import("../../src/prog/parse.ts");
  const { program } = parseProgram(m.assembled.target.program!, "program", [m.spec]);
  const { executor } = m;
  const { meetings } = executor;
  load(executor, program!, m.spec);
  const rng = new Rng(BigInt(seed), 0);
  const shared = strategyNamed(strategy)!;
  const own = shared.begin?.() ?? shared;
  let points = 100;
  const changed = new Uint32Array(meetings.keys);
  for (let n = 1; n <= GIVE_UP; n++) {
    own.schedule(
      executor.schedule,
      {
        cpus: program!.cpus,
        points: Math.max(16, points),
        interrupts: 0,
        preemptible: false,
        past: { meetings, count: n > 1 ? meetings.count : 0, changed },
      },
      rng,
    );
    executor.execute(NUMERIC, ONCE);
    if (executor.hasFound) return [n, titleOf(executor)];
    points = executor.scheduledPoints;
  }
  return [GIVE_UP, null];
}

/** Every seed must find `title`, half of them within `median` executions. */
export async function findsIt(
  m: Machine,
  strategy: string,
  title: string,
  median: number,
): Promise<void> {
  const counts: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const [n, found] = await hunt(m, strategy, seed);
    assertEquals(found, title, `seed ${seed}`);
    counts.push(n);
  }
  counts.sort((a, b) => a - b);
  assertLessOrEqual(counts[SEEDS / 2], median, `executions: ${counts.join(" ")}`);
}

/** A target that a newcomer can write, with a program whose CPUs are started one by one. */
export async function isSmall(m: Machine, url: string): Promise<void> {
  const { parseProgram } = await import("../../src/prog/parse.ts");
  assertLessOrEqual(Deno.readTextFileSync(new URL(url)).trimEnd().split("\n").length, LINES_MAX);
  const { program, errors } = parseProgram(m.assembled.target.program!, "program", [m.spec]);
  assertEquals(errors.map(String), []);
  for (let cpu = 1; cpu < program!.cpus; cpu++) {
    assert(
      program!.ops.some((o) =>
        o.cpu === 0 && o.name === "start" && o.args[0].kind === "cpu" && o.args[0].cpu === cpu
      ),
    );
  }
}
