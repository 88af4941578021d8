/**
 * Measures the engine of the tree that it lies in: executions until campaigns first show titles.
 *
 * Started by tune.ts, in a copy of the project in which one constant has another value. It is given
 * a {@linkcode Setup} and seeds, and prints a line of JSON, a {@linkcode Run}, for each campaign.
 * Nothing here depends on time.
 *
 * @module
 */
import { file, makeMachine } from "../../machine/harness.ts";
import { patchesOf, patchesWithout } from "../planted/hunt.ts";
import type { Program } from "../../../src/prog/types.ts";
import { ANY_TITLE, type Case, type Minimized, type Run, type Setup } from "./cases.ts";

const setup: Setup = JSON.parse(Deno.args[0]);
const seeds: number[] = JSON.parse(Deno.args[1]);
const patches = setup.plant !== undefined
  ? patchesOf(setup.plant)
  : setup.unmended !== undefined
  ? patchesWithout(setup.unmended, setup.kernel)
  : [];
const m = await makeMachine({ ...setup, target: file(setup.target), patches, scout: true });
const { executor } = m;
const { Campaign } = await import("../../../src/engine/campaign/campaign.ts");
const { strategyNamed } = await import("../../../src/engine/strategies/all.ts");
const { load, record, withRecordedSchedule } = await import("../../../src/engine/inputs/input.ts");
const { minimize } = await import("../../../src/engine/triage/minimize.ts");
const { search } = await import("../../../src/engine/triage/search.ts");
const { Rng } = await import("../../../src/engine/programs/rng.ts");
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
  load(executor, p, m.spec);
  return executor.program.slice();
}

/** Minimise the finding of the executor's input. */
function minimizeFound(title: string): Minimized {
  const p = unpackProgram(executor.program, m.spec);
  const numeric = { ...p, title, schedule: unpackNumeric(executor.schedule, p.cpus) };
  record(executor, numeric, m.spec);
  const symbolic = withRecordedSchedule(executor, numeric);
  const options = { budget: MINIMIZE_BUDGET };
  const { program, execs } = minimize(executor, symbolic, title, m.spec, options);
  const steps = program.schedule?.kind === "symbolic" ? program.schedule.steps.length : 0;
  return { execs, ops: program.ops.length, steps };
}

function campaign(c: Case, seed: number, fixed: Int32Array | undefined): Run {
  const found: Record<string, number> = {};
  const minimized: Record<string, Minimized> = {};
  const missing = new Map(Object.entries(c.wanted).map(([name, title]) => [title, name]));
  executor.forget();
  const it = new Campaign(executor, m.spec, {
    seed: BigInt(seed),
    shard: 0,
    cpus: setup.cpus,
    preempt: setup.preempt ?? "full",
    strategy: strategyNamed(c.strategy)!,
    maxExecs: c.execs,
    fixed,
  }, {
    onFinding(title, execs) {
      const isKernels = executor.outcome().found?.fault === "kernel";
      const wanted = isKernels && missing.has(ANY_TITLE) ? ANY_TITLE : title;
      const name = missing.get(wanted);
      if (name === undefined) return 0;
      missing.delete(wanted);
      found[name] = execs;
      if (c.minimize) minimized[name] = minimizeFound(title);
      return 0;
    },
    stop: () => missing.size === 0,
  });
  it.fuzz();
  const { execs, points } = it;
  return { case: c.name, seed, found, titles: [...it.titles.keys()], execs, points, minimized };
}

/** Search schedules of a program, without a campaign. */
function searchFor(c: Case, seed: number, p: Program): Run {
  const [[name, title]] = Object.entries(c.wanted);
  let [execs, points] = [0, 0];
  const ended = () => {
    points += execs > 0 ? executor.points : 0;
    return execs++ === c.execs;
  };
  const tried = search(executor, p, title, m.spec, new Rng(BigInt(seed)), ended);
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
