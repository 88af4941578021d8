/**
 * The input language: what a program, a schedule and a target are.
 *
 * An input is a {@linkcode Program}: operations per CPU, and a schedule that says where the CPUs
 * switch. This folder reads, checks, prints and packs inputs. It does not know how they are run.
 *
 * @module
 */

/**
 * The contexts an operation can run in, in the order of nesting.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(CONTEXTS, ["task", "softirq", "hardirq", "nmi"]);
 * ```
 */
export const CONTEXTS = ["task", "softirq", "hardirq", "nmi"] as const;
/**
 * One of {@linkcode CONTEXTS}.
 */
export type Context = typeof CONTEXTS[number];

/**
 * The configurations of KCSAN. `value-change` is the kernel's default: only races that change a
 * value count, and aligned plain writes are atomic. `strict` counts all races (KCSAN_STRICT).
 * `permissive` is the default without races that change one bit (KCSAN_PERMISSIVE).
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * assert(KCSAN_MODES.includes("strict"));
 * ```
 */
export const KCSAN_MODES = ["value-change", "strict", "permissive"] as const;
export type KcsanMode = typeof KCSAN_MODES[number];

/**
 * The preemption models of the machine, as in the kernel's configuration.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(PREEMPTS, ["none", "full", "rt"]);
 * ```
 */
export const PREEMPTS = ["none", "full", "rt"] as const;
/**
 * One of {@linkcode PREEMPTS}.
 */
export type Preempt = typeof PREEMPTS[number];

/**
 * The CPU number of operations that run before the schedule starts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(BOOT, -1);
 * ```
 */
export const BOOT = -1;

/** A position in a file, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One argument of an operation as written. */
export type Arg =
  | { readonly kind: "int"; readonly value: number; readonly at?: Position }
  | { readonly kind: "ref"; readonly name: string; readonly at?: Position }
  | { readonly kind: "cpu"; readonly cpu: number; readonly at?: Position }
  | { readonly kind: "flags"; readonly words: readonly string[]; readonly at?: Position };

/**
 * One operation, one line of the file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printOperation } from "@objcg/fuzz";
 * const op: Operation = {
 *   cpu: 0,
 *   context: "softirq",
 *   name: "kmalloc",
 *   args: [{ kind: "int", value: 64 }],
 *   result: "x",
 *   fail: [1],
 *   returns: "-ENOMEM",
 *   comments: [],
 * };
 * assertEquals(printOperation(op), "cpu0  softirq x = kmalloc(64) {fail 1} = -ENOMEM");
 * ```
 */
export interface Operation {
  /** {@linkcode BOOT} or the CPU that runs it. */
  cpu: number;
  context: Context;
  name: string;
  args: Arg[];
  /** The name of its result, if it has one. */
  result?: string;
  /** The numbers of the allocations inside it that fail, counted from 1, ascending. */
  fail: number[];
  /** The return value that a replay must see: a number, or an error such as `-ENOMEM`. */
  returns?: string;
  /** Comment lines directly above, without `#` and the space after it. "" is a blank line. */
  comments: string[];
  at?: Position;
}

/** Where a symbolic step stops. Every step counts from the beginning. */
export interface Until {
  /** The kernel function. */
  fn: string;
  /**
   * A primitive (`xchg`, `load`, …) or a function that `fn` calls. Without it: the entry of `fn`.
   */
  what?: string;
  /** The field that the primitive touches. */
  field?: string;
  /** Stop at the n-th such point, counted from 1. */
  nth: number;
}

/** An operation after which a symbolic step stops. */
export interface After {
  /** The operation. */
  op: string;
  /** Stop after the n-th such operation of the CPU that ends in this step, counted from 1. */
  nth: number;
}

/** The names in a step. */
export type StepPart = "fn" | "what" | "field" | "op";

/** One line of a symbolic schedule. */
export type Step =
  & {
    readonly cpu: number;
    comments: string[];
    readonly at?: Position;
    /** Where its names are written. */
    readonly places?: Readonly<Partial<Record<StepPart, Position>>>;
  }
  & (
    | { readonly kind: "end" }
    | { readonly kind: "until"; readonly until: Until }
    /** Leave the CPU between two of its operations. */
    | { readonly kind: "after"; readonly after: After }
    /** Deliver the next interrupt operation of this CPU at this point. */
    | { readonly kind: "interrupt" }
    /** Run this CPU's RCU callbacks whose grace period is over, at this point. */
    | { readonly kind: "softirq" }
    | { readonly kind: "kworker" }
  );

/** One event of a numeric schedule: an action after `gap` more points. */
export interface NumericEvent {
  readonly gap: number;
  readonly action: "switch" | "demote" | "interrupt" | "softirq" | "kworker";
  /** For `switch`: the CPU that runs next. */
  readonly cpu?: number;
}

/**
 * A schedule as a file holds it (symbolic), or as the fuzz loop uses it (numeric).
 *
 * The order of a numeric schedule has every CPU once, highest priority first. Gaps are counted in
 * schedule points.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const schedule: Schedule = {
 *   kind: "symbolic",
 *   steps: [
 *     { cpu: 1, kind: "until", until: { fn: "css_killed_work_fn", nth: 1 }, comments: [] },
 *     { cpu: 0, kind: "end", comments: [] },
 *   ],
 * };
 * assertEquals(schedule.steps.length, 2);
 * ```
 */
export type Schedule =
  | { readonly kind: "symbolic"; readonly steps: Step[] }
  | { readonly kind: "numeric"; readonly order: number[]; readonly events: NumericEvent[] };

/** A file that an input needs. */
export interface FileRef {
  /** As it was given, or from the root. */
  path: string;
  /** SHA-256 of its content, 64 hexadecimal digits. Without it, any content will do. */
  sha256?: string;
  at?: Position;
}

/** What a kernel must report for an input: a title, or `none`. */
export interface Expectation {
  kernel: string;
  /** The title of a finding, or null for none. */
  title: string | null;
  at?: Position;
}

/**
 * A whole input file: what `parseProgram` returns and `printProgram` prints.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const program: Program = {
 *   title: "nothing happens",
 *   links: [],
 *   target: "objcg",
 *   cpus: 1,
 *   preempt: "full",
 *   expects: [{ kernel: "posted", title: null }],
 *   extra: [],
 *   comments: [],
 *   ops: [],
 *   schedule: null,
 *   scheduleComments: [],
 *   trailing: [],
 * };
 * assertEquals(program.expects[0].title, null);
 * ```
 */
export interface Program {
  title: string;
  links: string[];
  /** `real`, `draft`, `latent`, `benign`, `hypothesis` or another word, then free text. */
  status?: string;
  target: string;
  /** The file of the target, if that does not come with the project. */
  targetFile?: FileRef;
  /** Patches on top of the kernel, in order. */
  patches?: FileRef[];
  cpus: number;
  preempt: Preempt;
  /** The configuration of KCSAN, if the file names one. */
  kcsan?: KcsanMode;
  /** Names of sanitizers that are left out. */
  without?: string[];
  /** Points after which an execution counts as a hang, if the file says so. */
  stepLimit?: number;
  /** Whether the laws of accounting are checked at every point. */
  everyStep?: boolean;
  expects: Expectation[];
  /** Header lines that this version does not know, kept in order. */
  extra: { key: string; value: string }[];
  /** Comment lines between the version line and the operations. */
  comments: string[];
  ops: Operation[];
  schedule: Schedule | null;
  /** Comment lines above `schedule:`. */
  scheduleComments: string[];
  /** Comment lines at the end of the file. */
  trailing: string[];
}

/** The part of a program that says on what it runs, besides kernel, CPUs and preemption model. */
export type Surroundings = Pick<
  Program,
  "targetFile" | "patches" | "without" | "stepLimit" | "everyStep"
>;

/** What an argument of an operation may be. */
export type ArgSpec =
  | {
    readonly name: string;
    readonly type: "int";
    readonly min: number;
    readonly max: number;
    /** Values that are tried more often. */
    readonly interesting: readonly number[];
  }
  | {
    readonly name: string;
    readonly type: "ref";
    readonly of: string;
    /** Generated programs use only objects that an operation made, or mostly these. */
    readonly made?: true | "mostly";
  }
  | {
    readonly name: string;
    readonly type: "cpu";
    /** Generated programs use another CPU than the one that runs the operation. */
    readonly other?: boolean;
  }
  | {
    /** Words joined by "|"; the last argument of an operation, which may be left out. */
    readonly name: string;
    readonly type: "flags";
    /** The bits that each word stands for; words that stand for several come first. */
    readonly words: Readonly<Record<string, number>>;
    /** Combinations worth trying; 0, for the argument's being left out, is not among them. */
    readonly common: readonly number[];
  };

/** One operation that a target offers. */
export interface OpSpec {
  readonly name: string;
  /** One sentence for `seed new` and the help. */
  readonly doc: string;
  readonly args: readonly ArgSpec[];
  /** The type of its result. */
  readonly result?: string;
  /** Contexts in which it may run. Default: `["task"]`. */
  readonly contexts?: readonly Context[];
  /** `boot`: only before the schedule. `run`: only on a CPU. Default: `any`. */
  readonly where?: "boot" | "run" | "any";
  /** Relative frequency in generated programs. Default: 1. With 0, only files have it. */
  readonly weight?: number;
  /** The same before the schedule. By default, operations with a result are favoured. */
  readonly bootWeight?: number;
  /** The number of allocations that it makes at most; each of them can fail. Default: 0. */
  readonly allocs?: number;
  /** The argument that names a CPU, which waits until this operation starts it. */
  readonly starts?: string;
}

/** The declarative part of a target. */
export interface TargetSpec {
  readonly name: string;
  readonly doc: string;
  readonly ops: readonly OpSpec[];
  /** Objects that exist before the first operation. They take slots 0, 1, … */
  readonly predefined: readonly { readonly name: string; readonly type: string }[];
}

/**
 * The limits of all inputs: the packed form has room for as much. The inputs of most targets have
 * lower ones; see {@linkcode limitsOf}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([LIMITS.cpus, LIMITS.ops], [128, 256]);
 * ```
 */
export const LIMITS = {
  cpus: 128,
  ops: 256,
  slots: 48,
  args: 3,
  steps: 256,
  events: 1024,
  stepLimit: 10_000_000,
} as const;
/** What some inputs may have more of than others. */
export type Limits = Readonly<Record<"cpus" | "ops" | "slots" | "steps" | "events", number>>;
/**
 * The limits where all CPUs begin at once, as they do for a kernel: there a set of CPUs is one word of 32
 * bits (NR_CPUS in src/machine/layout/sizes.ts).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([KERNEL_LIMITS.cpus, KERNEL_LIMITS.ops], [32, 64]);
 * ```
 */
export const KERNEL_LIMITS: Limits = { ...LIMITS, cpus: 32, ops: 64, events: 256 };
/**
 * The limits of the inputs of a target. The parser refuses an input that exceeds one, and names the
 * limit. Only a target whose operations start CPUs, as programs of user space start threads, may have
 * more CPUs than a kernel.
 *
 * @param spec The target; null if it is not known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cpu, specOf } from "@objcg/fuzz";
 * const start = { doc: "Create a thread.", args: [cpu("cpu")], run: () => 0 };
 * const target = { name: "demo", doc: "A demonstration.", ops: { start } };
 * assertEquals(limitsOf(specOf(target)).cpus, 32);
 * const starts = { ...start, starts: "cpu" };
 * assertEquals(limitsOf(specOf({ ...target, ops: { start: starts } })).cpus, 128);
 * ```
 */
export function limitsOf(spec: TargetSpec | null): Limits {
  return spec === null || startsCpus(spec) ? LIMITS : KERNEL_LIMITS;
}

function startsCpus(spec: TargetSpec): boolean {
  return spec.ops.some(({ starts }) => starts !== undefined);
}
