/**
 * A sample of inputs: given ones, and random ones. A random program is drawn afresh, or is one of the
 * given ones, mutated. It runs under several schedules; in the first, each CPU runs to its end.
 *
 * @module
 */
import { type Executor, NUMERIC } from "../../machine/executor.ts";
import { formOf, inTurn, load } from "./input.ts";
import { Supply } from "../programs/generate.ts";
import { mutateProgram } from "../programs/mutate.ts";
import { PackedSpec } from "../programs/packed_spec.ts";
import { Rng } from "../programs/rng.ts";
import { pct } from "../strategies/pct.ts";
import { random } from "../strategies/random.ts";
import type { Situation } from "../strategies/strategy.ts";
import { packNumeric, packProgram } from "../../prog/pack.ts";
import {
  IN_TASK,
  OP_CONTEXT,
  operationAt,
  P_CPUS,
  P_NOPS,
  P_PREEMPT,
  PROGRAM_WORDS,
} from "../../prog/layout.ts";
import type { Preempt, Program, TargetSpec } from "../../prog/types.ts";

/** Schedules of each program. */
const SCHEDULES = 8;
/** One in this many programs is drawn afresh, if there are files. */
const FRESH = 2;
/** The streams of random numbers for programs and for schedules. */
const PROGRAMS = 0;
const SCHEDULING = 1;
/** The CPU that a mutation goes on with: any. */
const ANY_CPU = -1;

/** What the sample is a function of. */
export interface SampleOptions {
  readonly seed: bigint;
  readonly preempt: Preempt;
  /** CPUs of a fresh program, at most. */
  readonly cpus: number;
  /** Number of random inputs. */
  readonly count: number;
  /** Inputs that come first, as they are but for the preemption model. */
  readonly files: readonly Program[];
}

/** What is done with the inputs. */
export interface SampleHooks {
  /**
   * The executor has recorded an input and holds it; its program, if it is one of the files. The hook may
   * execute it again.
   */
  ran(file: Program | null): void;
  stop(): boolean;
}

function interruptsOf(words: Int32Array): number {
  let n = 0;
  for (let i = 0; i < words[P_NOPS]; i++) {
    if (words[operationAt(i) + OP_CONTEXT] !== IN_TASK) n++;
  }
  return n;
}

function situationOf(words: Int32Array, points: number, preempt: Preempt): Situation {
  return {
    cpus: words[P_CPUS],
    points,
    interrupts: interruptsOf(words),
    preemptible: preempt !== "none",
  };
}

/** Draws programs, one after the other. */
class Programs {
  readonly #rng: Rng;
  readonly #words: PackedSpec;
  readonly #supply: Supply;
  readonly #files: readonly Int32Array[];

  constructor(spec: TargetSpec, { seed, preempt, cpus, files }: SampleOptions) {
    this.#rng = new Rng(seed, PROGRAMS);
    this.#words = new PackedSpec(spec);
    this.#supply = new Supply(this.#words, { cpus, preempt }, this.#rng);
    this.#files = files.map((p) => {
      const words = new Int32Array(PROGRAM_WORDS);
      packProgram({ ...p, preempt }, spec, words);
      return words;
    });
  }

  next(): Int32Array {
    const files = this.#files;
    if (files.length === 0 || this.#rng.oneIn(FRESH)) return this.#supply.next();
    const [program, other] = [0, 1].map(() => files[this.#rng.below(files.length)]);
    const mutant = program.slice();
    mutateProgram(mutant, other, this.#words, this.#rng, ANY_CPU);
    mutant[P_PREEMPT] = program[P_PREEMPT];
    return mutant;
  }
}

/** Run one program under `n` schedules. */
function runProgram(
  executor: Executor,
  words: Int32Array,
  n: number,
  { preempt }: SampleOptions,
  rng: Rng,
  hooks: SampleHooks,
): void {
  const { program, schedule } = executor;
  program.set(words);
  packNumeric(inTurn(words[P_CPUS]), words[P_CPUS], schedule);
  executor.record(NUMERIC, true);
  const situation = situationOf(words, Math.max(1, executor.scheduledPoints), preempt);
  hooks.ran(null);
  for (let i = 1; i < n; i++) {
    const strategy = i % 2 === 0 ? pct : random;
    strategy.schedule(schedule, situation, rng);
    executor.record(NUMERIC, true);
    hooks.ran(null);
  }
}

/** Run the inputs of a sample: files, then random ones. */
export function runSample(
  executor: Executor,
  spec: TargetSpec,
  options: SampleOptions,
  hooks: SampleHooks,
): void {
  const { count, files, preempt, seed } = options;
  for (const p of files) {
    if (hooks.stop()) return;
    // A step may name a function that the kernel does not have.
    if (load(executor, { ...p, preempt }, spec).length > 0) continue;
    executor.record(formOf(p), true);
    hooks.ran(p);
  }
  executor.expect(null);
  const programs = new Programs(spec, options);
  const rng = new Rng(seed, SCHEDULING);
  for (let n = 0; n < count && !hooks.stop(); n += SCHEDULES) {
    runProgram(executor, programs.next(), Math.min(SCHEDULES, count - n), options, rng, hooks);
  }
}
