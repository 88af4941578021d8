/**
 * Trials of one program: campaigns with the program fixed, until its bug shows.
 *
 * A module graph has one machine, so a process runs trials of one program only.
 *
 * @module
 */
import { file, type Machine, makeMachine } from "../../machine/harness.ts";
import { SANITIZERS } from "../../sanitizers/names.ts";
import { PROGRAM_WORDS } from "../../../src/prog/layout.ts";
import { KERNEL_LIMITS } from "../../../src/prog/types.ts";

/** Executions until the bug, or null if a trial did not find it. */
export type Trial = number | null;

export interface Asked {
  /** Module of the program, with what it asks for. */
  readonly module: string;
  readonly cpus: number;
  /** Title of the bug; null: any finding counts. */
  readonly bug: string | null;
  readonly strategy: string;
  /** Number of trials; their seeds are 1, 2, …. */
  readonly trials: number;
  /** Executions of a trial at most. */
  readonly most: number;
}

/** With more CPUs, fibers run the program: a Worker for each takes 20 MB, and longer to start than to run. */
const FIBERS_ABOVE = KERNEL_LIMITS.cpus;

/** A machine for the program of a module, without sanitizers: they know kernels. */
export function machineFor(module: string, cpus: number): Promise<Machine> {
  const target = file(`test/bench/sctbench/${module}`);
  return makeMachine({ target, cpus, without: SANITIZERS, fibersOnly: cpus > FIBERS_ABOVE });
}

/** The program of the machine's target, packed. */
async function packedProgram(m: Machine, cpus: number): Promise<Int32Array> {
  const { parseProgram } = await import("../../../src/prog/parse.ts");
  const { packProgram } = await import("../../../src/prog/pack.ts");
  const { program, errors } = parseProgram(m.assembled.target.program!, "program", [m.spec]);
  if (program === null) throw new Error(errors.map(String).join("\n"));
  if (program.cpus !== cpus) throw new Error(`The program has ${program.cpus} CPUs, not ${cpus}`);
  const words = new Int32Array(PROGRAM_WORDS);
  packProgram(program, m.spec, words);
  return words;
}

/** Run all trials; once per process. */
export async function runTrials(asked: Asked): Promise<Trial[]> {
  const m = await machineFor(asked.module, asked.cpus);
  const { Campaign } = await import("../../../src/engine/campaign/campaign.ts");
  const { strategyNamed } = await import("../../../src/engine/strategies/all.ts");
  const strategy = strategyNamed(asked.strategy);
  if (strategy === undefined) throw new Error(`There is no strategy "${asked.strategy}"`);
  const fixed = await packedProgram(m, asked.cpus);
  const all: Trial[] = [];
  for (let seed = 1; seed <= asked.trials; seed++) {
    let found: Trial = null;
    m.executor.forget();
    const campaign = new Campaign(m.executor, m.spec, {
      seed: BigInt(seed),
      shard: 0,
      cpus: asked.cpus,
      preempt: "full",
      strategy,
      maxExecs: asked.most,
      fixed,
    }, {
      onFinding(title, n) {
        if (asked.bug === null || title === asked.bug) found ??= n;
        return 0;
      },
      stop: () => found !== null,
    });
    campaign.fuzz();
    all.push(found);
  }
  m.close();
  return all;
}
