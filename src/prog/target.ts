/**
 * What a fuzz target is: one file with operations, an initial state and checks.
 *
 * The parser and the packer need a specification of the target. It is derived from that file, so
 * nothing is written twice.
 *
 * @module
 */
import { bitsOf, OR } from "./flags.ts";
import { type ArgSpec, type Context, LIMITS, type OpSpec, type TargetSpec } from "./types.ts";

/**
 * The return value of an operation that does not apply, because an object that it needs does not
 * exist.
 *
 * The number is below every errno, so no kernel function returns it by accident.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(SKIPPED, -9999);
 * ```
 */
export const SKIPPED = -9999;

/**
 * One operation of a target: its signature, and what it does.
 *
 * `run` gets one value per argument: integers, CPU numbers and the bits of flags as numbers,
 * references as objects. It returns nothing, a number such as 0 or `-ENOMEM`, or the address of an
 * object that it made. `result` names the type of that object; 0 or a negative number leaves the name
 * unset. `run` is called on the CPU of its line, and every access to shared memory in it is a schedule
 * point.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const charge: OpDefinition = {
 *   doc: "Charge pages.",
 *   args: [ref("counter"), int("pages", 1, 64, [1, 32])],
 *   contexts: ["task", "softirq"],
 *   weight: 2,
 *   run: (_counter: object, _pages: number) => 0,
 * };
 * assertEquals(charge.run({}, 1), 0);
 * ```
 */
export interface OpDefinition {
  /** One sentence. */
  readonly doc: string;
  readonly args?: readonly ArgSpec[];
  /** The type of the object whose address it returns. 0 or an error leaves the name unset. */
  readonly result?: string;
  readonly contexts?: readonly Context[];
  readonly where?: "boot" | "run" | "any";
  readonly weight?: number;
  readonly bootWeight?: number;
  readonly allocs?: number;
  /** Arguments that the operation uses up. Afterwards, their names stand for nothing. */
  readonly consumes?: readonly string[];
  /** The argument that names a CPU. That CPU waits until this operation starts it. */
  readonly starts?: string;
  /** References arrive as objects, the rest as numbers. */
  // deno-lint-ignore no-explicit-any
  readonly run: (...args: any[]) => number | void;
}

/**
 * A fuzz target: the default export of a file in `fuzz/`, or of any file that `--target` names.
 *
 * Parsing and printing need only the declarative part. The machine calls `boot`, `attach`, `run`
 * and `finish` on its CPUs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const target: Target = {
 *   name: "counter",
 *   doc: "One counter.",
 *   predefined: { c: { type: "counter", address: () => 0 } },
 *   ops: { read: { doc: "Read it.", args: [ref("counter")], run: () => 0 } },
 * };
 * assertEquals(specOf(target).predefined, [{ name: "c", type: "counter" }]);
 * ```
 */
export interface Target {
  readonly name: string;
  readonly doc: string;
  readonly ops: Readonly<Record<string, OpDefinition>>;
  /** Names that exist before the first operation, with the type and the address of each object. */
  readonly predefined?: Readonly<Record<string, { type: string; address: () => number }>>;
  /** Build the initial state. Runs once, before the image is taken. */
  readonly boot?: () => void;
  /** Find what `boot` built. Runs once on every CPU. */
  readonly attach?: () => void;
  /** Count abstract states as coverage. Runs after the boot operations and at quiescence. */
  readonly observe?: () => void;
  /**
   * A cheap check at quiescence: whether `finish` could find something. Without this function, the
   * loop calls `finish` after every execution.
   */
  readonly suspicious?: () => boolean;
  /**
   * An object with fewer references than holders: its address, its number of references, and what its
   * holders are called; null if there is none. Runs on every CPU, at every point with `--every-step`.
   */
  readonly shortage?: () => {
    readonly a: number;
    readonly references: number;
    readonly holders: readonly string[];
  } | null;
  /** Judge the state at quiescence, then take everything down. */
  readonly finish?: () => void;
  /**
   * The program that `bench` measures, as text, for a number of CPUs: four operations per CPU with
   * about twenty points each.
   */
  readonly benchmark?: (cpus: number) => string;
  /** A complete program, for a target whose operations are not generated. */
  readonly program?: string;
}

/**
 * An integer argument from `min` to `max`, both included. `interesting` values are tried more
 * often.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(int("size", 0, 4096, [1, 4095]), {
 *   name: "size",
 *   type: "int",
 *   min: 0,
 *   max: 4096,
 *   interesting: [1, 4095],
 * });
 * ```
 */
export function int(
  name: string,
  min: number,
  max: number,
  interesting: readonly number[] = [],
): ArgSpec {
  return { name, type: "int", min, max, interesting };
}
/**
 * A reference to an object of type `of`, which an earlier operation made or the target predefines.
 *
 * With `made`, the generator does not use predefined objects, because the operation would be
 * pointless: removing the root, for example. With `"mostly"`, it seldom does. Files may still name
 * them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(ref("parent", "memcg"), { name: "parent", type: "ref", of: "memcg" });
 * assertEquals(ref("memcg"), ref("memcg", "memcg"));
 * assertEquals(ref("m", "memcg", { made: true }), {
 *   name: "m",
 *   type: "ref",
 *   of: "memcg",
 *   made: true,
 * });
 * ```
 */
export function ref(name: string, of = name, options: { made?: true | "mostly" } = {}): ArgSpec {
  return { name, type: "ref", of, ...options };
}
/**
 * A CPU of the machine, by number. With `other`, the generator takes another CPU than the one that
 * runs the operation; without it, mostly the same CPU.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(cpu("task"), { name: "task", type: "cpu" });
 * assertEquals(cpu("victim", { other: true }), { name: "victim", type: "cpu", other: true });
 * ```
 */
export function cpu(name: string, options: { other?: true } = {}): ArgSpec {
  return { name, type: "cpu", ...options };
}

/**
 * Flags: words that stand for bits, joined by "|" if there are several. Flags are the last argument of
 * an operation, and may be left out; the operation then gets 0. `common` lists the combinations that
 * are worth trying.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { flags } from "@objcg/fuzz";
 * const gfp = flags("gfp", { GFP_KERNEL: 3, GFP_NOWAIT: 2, __GFP_NOFAIL: 4 }, [
 *   "GFP_NOWAIT",
 *   "GFP_KERNEL|__GFP_NOFAIL",
 * ]);
 * assertEquals(gfp.type === "flags" && gfp.common, [2, 7]);
 * ```
 */
export function flags(
  name: string,
  words: Readonly<Record<string, number>>,
  common: readonly string[] = Object.keys(words),
): ArgSpec {
  const toBits = (text: string) => {
    const bits = bitsOf({ words }, text.split(OR));
    if (typeof bits === "number" && bits !== 0) return bits;
    throw new RangeError(`Cannot offer "${text}" as ${name}: it is no combination of its words`);
  };
  return { name, type: "flags", words, common: common.map(toBits) };
}

/**
 * The declarative part of a target. Parser, checks and packer need it; it runs nothing.
 *
 * @throws {RangeError} if an operation has more arguments than fit into a packed program
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const spec = specOf({
 *   name: "demo",
 *   doc: "A demonstration.",
 *   ops: { poke: { doc: "Do it.", args: [cpu("cpu")], run: () => 0 } },
 * });
 * assertEquals(spec.ops[0].name, "poke");
 * assertEquals(spec.ops[0].args, [cpu("cpu")]);
 * ```
 */
export function specOf(t: Target): TargetSpec {
  for (const [name, { args = [] }] of Object.entries(t.ops)) {
    if (args.length <= LIMITS.args) continue;
    throw new RangeError(
      `Operation "${name}" has ${args.length} arguments: it can have ${LIMITS.args} at most`,
    );
  }
  return {
    name: t.name,
    doc: t.doc,
    predefined: Object.entries(t.predefined ?? {}).map(([name, p]) => ({ name, type: p.type })),
    ops: Object.entries(t.ops).map(([name, o]): OpSpec => ({
      name,
      doc: o.doc,
      args: o.args ?? [],
      result: o.result,
      contexts: o.contexts,
      where: o.where,
      weight: o.weight,
      bootWeight: o.bootWeight,
      allocs: o.allocs,
      starts: o.starts,
    })),
  };
}
