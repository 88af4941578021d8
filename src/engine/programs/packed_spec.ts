/**
 * The specification of a target with numbers for types, for the loop.
 *
 * @module
 */
import { Effects } from "./effects.ts";
import type { Rng } from "./rng.ts";
import { CONTEXTS, LIMITS, type OpSpec, type TargetSpec } from "../../prog/types.ts";
import { IN_TASK } from "../../prog/layout.ts";

/**
 * As a boot operation, an operation without a result is this many times less likely than on a CPU.
 */
const RARE_AT_BOOT = 8;

/** An argument is a resource that an operation made, not a predefined one; or seldom one of those. */
export const MADE = 1;
export const MOSTLY_MADE = 2;

/** The specification of a target with numbers for types, for the loop. */
export class PackedSpec {
  readonly ops: readonly OpSpec[];
  readonly types: string[] = [];
  /** Per operation: type of its result, or -1. */
  readonly result: Int32Array;
  /** Per operation and argument: type of the reference, or -1. */
  readonly refs: Int32Array;
  /** Per operation and argument: {@linkcode MADE}, {@linkcode MOSTLY_MADE}, or 0: any resource will do. */
  readonly made: Uint8Array;
  /**
   * Per operation: 1 if it says how the machine boots. It can be done at boot only and refers to nothing,
   * and may be too late once there are objects.
   */
  readonly early: Uint8Array;
  /** Per type: the boot operations that create it, with cumulative weights. */
  readonly #makers: { ops: number[]; weights: Float64Array }[];
  /** Cumulative weights of operations on a CPU and of boot operations. */
  readonly #run: Float64Array;
  readonly #boot: Float64Array;
  readonly predefined: Int32Array;
  /** Whether any operation starts a CPU. */
  readonly canStart: boolean;
  /** The contexts of handlers in which some operation may run. */
  readonly handlerContexts: readonly number[];
  /** What a campaign has learned of the operations. */
  readonly effects: Effects;

  constructor(readonly spec: TargetSpec) {
    this.ops = spec.ops;
    this.canStart = spec.ops.some((o) => o.starts !== undefined);
    this.effects = new Effects(spec.ops);
    this.handlerContexts = CONTEXTS.flatMap((context, c) =>
      c !== IN_TASK && spec.ops.some((o) => o.contexts?.includes(context)) ? [c] : []
    );
    const type = (name: string) => {
      const i = this.types.indexOf(name);
      return i >= 0 ? i : this.types.push(name) - 1;
    };
    this.predefined = Int32Array.from(spec.predefined.map((p) => type(p.type)));
    this.result = Int32Array.from(spec.ops.map((o) => o.result ? type(o.result) : -1));
    this.refs = new Int32Array(spec.ops.length * LIMITS.args).fill(-1);
    spec.ops.forEach((o, i) =>
      o.args.forEach((a, k) => {
        if (a.type === "ref") this.refs[i * LIMITS.args + k] = type(a.of);
      })
    );
    this.made = new Uint8Array(spec.ops.length * LIMITS.args);
    spec.ops.forEach((o, i) =>
      o.args.forEach((a, k) => {
        if (a.type !== "ref" || a.made === undefined) return;
        this.made[i * LIMITS.args + k] = a.made === true ? MADE : MOSTLY_MADE;
      })
    );
    this.early = Uint8Array.from(
      spec.ops,
      (o) => o.where === "boot" && o.args.every((a) => a.type !== "ref") ? 1 : 0,
    );
    this.#makers = this.types.map((_, t) => {
      const ops = spec.ops.flatMap((o, i) =>
        this.result[i] === t && o.where !== "run" && bootWeight(o) > 0 ? [i] : []
      );
      return { ops, weights: cumulate(ops.map((i) => bootWeight(spec.ops[i]))) };
    });
    this.#run = cumulate(spec.ops.map((o) => o.where === "boot" ? 0 : o.weight ?? 1));
    this.#boot = cumulate(spec.ops.map((o) => o.where === "run" ? 0 : bootWeight(o)));
  }

  /** A random boot operation that creates a resource of type `t`; -1 if there is none. */
  maker(t: number, rng: Rng): number {
    const { ops, weights } = this.#makers[t];
    return ops.length === 0 ? -1 : ops[draw(weights, rng)];
  }

  /** A random operation for a CPU, or a random boot operation. */
  pick(rng: Rng, boot: boolean): number {
    return draw(boot ? this.#boot : this.#run, rng);
  }
}

function bootWeight(o: OpSpec): number {
  return o.bootWeight ?? (o.result ? o.weight ?? 1 : (o.weight ?? 1) / RARE_AT_BOOT);
}

/** A random index, by cumulative weights. */
function draw(table: Float64Array, rng: Rng): number {
  const x = (rng.next() / 0x100000000) * table[table.length - 1];
  let i = 0;
  while (i < table.length - 1 && table[i] <= x) i++;
  return i;
}

function cumulate(weights: number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(weights, (w) => sum += w);
}
