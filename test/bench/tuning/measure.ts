/**
 * Measures the engine of the tree that it lies in: executions until campaigns first show titles.
 *
 * Started by tune.ts, in a copy of the project in which one constant has another value. It is given
 * a {@linkcode Setup} and seeds, and prints a line of JSON, a {@linkcode Run}, for each campaign.
 * Nothing here depends on time.
 *
 * @module
 */
import { views } from "../../../src/machine/words/arena.ts";
import { file, makeMachine } from "../../machine/harness.ts";
import type { Program } from "../../../src/prog/types.ts";
import type { Case, Minimized, Run, Setup } from "./cases.ts";

const setup: Setup = JSON.parse(Deno.args[0]);
const seeds: number[] = JSON.parse(Deno.args[1]);
const m = await makeMachine({ ...setup, target: file(setup.target) });
const { ctl, prog, sched, seen } = views();
const { Campaign } = await import("../../../src/engine/campaign/campaign.ts");
const { strategyNamed } = await import("../../../src/engine/strategies/all.ts");
const { load, run, withRecordedSchedule } = await import("../../../src/engine/inputs/input.ts");
const { minimize } = await import("../../../src/engine/triage/minimize.ts");
const { search } = await import("../../../src/engine/triage/search.ts");
const { Rng } = await import("../../../src/engine/programs/rng.ts");
const { POINTS } = await import("../../../src/machine/layout/points.ts");
const { parseProgram } = await import("../../../src/prog/parse.ts");
const { unpackNumeric, unpackProgram } = await import("../../../src/prog/pack.ts");

/** Executions spent on minimising one finding, as in `fuzz`. */
const MINIMIZE_BUDGET = 20_000;

/** The program of a case, without its schedule; null if any program will do. */
async function programOf({ program: path }: Case): Promise<Program | null> {
  if (path === undefined) return null;
  const text = path.endsWith(".ts")
    ? (await import(file(path))).default.program
    : Deno.readTextFileSync(new URL(file(path)));
  const { program, errors } = parseProgram(text, path, [m.spec]);
  if (program === null) throw new Error(errors.map(String).join("\n"));
  return { ...program, schedule: null };
}

function packed(p: Program): Int32Array {
  load(p, m.spec);
  return prog.slice();
}

/** Minimise the finding whose input is in the arena. */
function minimizeFound(title: string): Minimized {
  const p = unpackProgram(prog, m.spec);
  const numeric = { ...p, title, schedule: unpackNumeric(sched, p.cpus) };
  run(numeric, m.spec, true);
  const symbolic = withRecordedSchedule(numeric);
  const { program, execs } = minimize(symbolic, title, m.spec, { budget: MINIMIZE_BUDGET });
  const steps = program.schedule?.kind === "symbolic" ? program.schedule.steps.length : 0;
  return { execs, ops: program.ops.length, steps };
}

function campaign(c: Case, seed: number, fixed: Int32Array | undefined): Run {
  const found: Record<string, number> = {};
  const minimized: Record<string, Minimized> = {};
  const missing = new Map(Object.entries(c.wanted).map(([name, title]) => [title, name]));
  seen.fill(0); // coverage is the machine's, and outlives campaigns
  const it = new Campaign(m.spec, {
    seed: BigInt(seed),
    shard: 0,
    cpus: setup.cpus,
    preempt: "full",
    strategy: strategyNamed(c.strategy)!,
    maxExecs: c.execs,
    fixed,
  }, {
    onFinding(title, execs) {
      const name = missing.get(title);
      if (name === undefined) return 0;
      missing.delete(title);
      found[name] = execs;
      if (c.minimize) minimized[name] = minimizeFound(title);
      return 0;
    },
    stop: () => missing.size === 0,
  });
  it.run();
  const { execs, points } = it;
  return { case: c.name, seed, found, titles: [...it.titles.keys()], execs, points, minimized };
}

/** Search schedules of a program, without a campaign. */
function searchFor(c: Case, seed: number, p: Program): Run {
  const [[name, title]] = Object.entries(c.wanted);
  let [execs, points] = [0, 0];
  const ended = () => {
    points += execs > 0 ? ctl[POINTS] : 0;
    return execs++ === c.execs;
  };
  const tried = search(p, title, m.spec, new Rng(BigInt(seed)), ended);
  const found = tried > 0 ? { [name]: tried } : {};
  return { case: c.name, seed, found, titles: [], execs, points, minimized: {} };
}

for (const c of setup.cases) {
  const program = await programOf(c);
  const fixed = program === null ? undefined : packed(program);
  for (const seed of seeds) {
    const run = c.search ? searchFor(c, seed, program!) : campaign(c, seed, fixed);
    console.log(JSON.stringify(run));
  }
}
m.close();
