/**
 * Generation: programs as fast-check arbitraries.
 *
 * A program is drawn as a list of choices: small numbers that select the operation, its CPU and its
 * arguments. Shrinking the choices shrinks the program.
 *
 * @module
 */
import fc from "fast-check";
import { Rng } from "./rng.ts";
import { bindToAny } from "./bind.ts";
import { interrupt } from "./handlers.ts";
import { OPS_MAX } from "./append.ts";
import { PackedSpec } from "./packed_spec.ts";
import { provide } from "./provide.ts";
import { randomOperation, repair } from "./repair.ts";
import { BOOT, PREEMPTS, type TargetSpec } from "../../prog/types.ts";
import { OP_RESULT, operationAt, P_CPUS, P_NOPS, P_PREEMPT } from "../../prog/layout.ts";

/** Maximum of boot operations, not counting those that other operations need. */
const BOOT_OPS_MAX = 5;
/** Minimum of operations on CPUs, and maximum per CPU. */
const RUN_OPS_MIN = 2;
const RUN_OPS_PER_CPU = 2;
/** Minimum of CPUs of a program, if the machine has that many. */
const CPUS_MIN = 2;
/** One in this many programs has a handler that does what a task of its CPU does. */
const INTERRUPTED = 2;
/** Programs per batch: fast-check draws samples in batches. */
const BATCH = 32;

/** Options that hold for all programs of a campaign. */
export interface GenerateOptions {
  readonly cpus: number;
  readonly preempt: string;
}

/** The choice of one operation: its CPU, and a random number that decides the rest. */
interface Choice {
  readonly cpu: number;
  readonly draw: number;
}

function choice(cpu: fc.Arbitrary<number>): fc.Arbitrary<Choice> {
  return fc.record({ cpu, draw: fc.nat(0x7fffffff) });
}

function build(
  spec: PackedSpec,
  options: GenerateOptions,
  cpus: number,
  choices: readonly Choice[],
  interrupted: boolean,
): Int32Array {
  const w = new Int32Array(operationAt(OPS_MAX));
  w[P_CPUS] = cpus;
  w[P_PREEMPT] = PREEMPTS.indexOf(options.preempt as typeof PREEMPTS[number]);
  const fixed = spec.predefined.length;
  let last = new Rng(0);
  choices.slice(0, OPS_MAX).forEach((c, i) => {
    last = new Rng(c.draw);
    const o = operationAt(i);
    randomOperation(w, o, c.cpu < 0 ? BOOT : c.cpu % cpus, spec, last);
    if (w[o + OP_RESULT] >= 0) w[o + OP_RESULT] = fixed + i;
    w[P_NOPS] = i + 1;
    bindToAny(w, i, spec, last);
  });
  provide(w, spec, last, OPS_MAX);
  repair(w, spec, last);
  if (interrupted) {
    interrupt(w, spec, last, OPS_MAX);
    repair(w, spec, last);
  }
  return w;
}

/** Packed programs for a target: a few boot operations, then a few operations on CPUs. */
export function programs(
  spec: TargetSpec,
  options: GenerateOptions,
  words: PackedSpec = new PackedSpec(spec),
): fc.Arbitrary<Int32Array> {
  return fc.integer({ min: Math.min(CPUS_MIN, options.cpus), max: options.cpus }).chain((cpus) =>
    fc.tuple(
      fc.array(choice(fc.constant(BOOT)), { maxLength: BOOT_OPS_MAX }),
      fc.array(choice(fc.nat(cpus - 1)), {
        minLength: RUN_OPS_MIN,
        maxLength: RUN_OPS_PER_CPU * cpus,
      }),
      fc.nat(INTERRUPTED - 1),
    ).map(([boot, run, n]) => build(words, options, cpus, [...boot, ...run], n === INTERRUPTED - 1))
  );
}

/** A supply of fresh programs, drawn in batches. */
export class Supply {
  readonly #arbitrary: fc.Arbitrary<Int32Array>;
  #batch: Int32Array[] = [];

  constructor(spec: PackedSpec, options: GenerateOptions, readonly rng: Rng) {
    this.#arbitrary = programs(spec.spec, options, spec);
  }

  next(): Int32Array {
    if (this.#batch.length === 0) {
      this.#batch = fc.sample(this.#arbitrary, { seed: this.rng.next() | 0, numRuns: BATCH });
    }
    return this.#batch.pop()!;
  }
}
