/**
 * The input language: what a program, a schedule and a target are.
 *
 * An input is a {@linkcode Program}: operations per CPU, and a schedule that says where the CPUs
 * switch. This folder knows how inputs are written, checked, printed and packed into words; it does
 * not know how they are run.
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
 * The configurations of KCSAN: races that change a value, aligned plain writes being atomic, as by
 * default; all races (KCSAN_STRICT); the default without changes of one bit (KCSAN_PERMISSIVE).
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
 * CPU number of operations that run before the schedule starts.
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
  | { readonly kind: "cpu"; readonly cpu: number; readonly at?: Position };

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
  /** The name its result is known by, if it is used. */
  result?: string;
  /** Which allocations inside the operation fail, counted from 1, ascending. */
  fail: number[];
  /** The return value a replay must observe: a number, or an errno name such as `-ENOMEM`. */
  returns?: string;
  /** Comment lines directly above, without `#` and the space after it; "" is a blank line. */
  comments: string[];
  at?: Position;
}

/** Where a symbolic step stops. Counting starts anew with every step. */
export interface Until {
  /** The kernel function. */
  fn: string;
  /** A primitive (`xchg`, `load`, …) or a function called from `fn`; absent: the entry of `fn`. */
  what?: string;
  /** The field the primitive touches. */
  field?: string;
  /** Stop at the n-th such point, from 1. */
  nth: number;
}

/** One line of a symbolic schedule. */
export type Step =
  & { readonly cpu: number; comments: string[]; readonly at?: Position }
  & (
    | { readonly kind: "end" }
    | { readonly kind: "until"; readonly until: Until }
    /** Deliver the next interrupt operation of this CPU here. */
    | { readonly kind: "interrupt" }
    /** Run the RCU callbacks whose grace period is over on this CPU here. */
    | { readonly kind: "softirq" }
  );

/** One event of a numeric schedule: after `gap` more points, act. */
export interface NumericEvent {
  readonly gap: number;
  readonly action: "switch" | "demote" | "interrupt" | "softirq";
  /** For `switch`: the CPU to go to. */
  readonly cpu?: number;
}

/**
 * A schedule as a file holds it (symbolic), or as the fuzz loop uses it (numeric).
 *
 * The order of a numeric one has every CPU once, highest priority first; gaps are in schedule points.
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

/** What a kernel is expected to report for an input: a title, or `none`. */
export interface Expectation {
  kernel: string;
  /** A crash title, or null for none. */
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
  /** `real`, `draft`, `latent`, `benign`, `hypothesis`, or another word; free text after it. */
  status?: string;
  target: string;
  cpus: number;
  preempt: Preempt;
  /** The configuration of KCSAN that the file is about, if it says so. */
  kcsan?: KcsanMode;
  expects: Expectation[];
  /** Header lines that this version does not know, kept in order. */
  extra: { key: string; value: string }[];
  /** Comment lines above the headers (after the version line). */
  comments: string[];
  ops: Operation[];
  schedule: Schedule | null;
  /** Comment lines above `schedule:`. */
  scheduleComments: string[];
  /** Comment lines at the end of the file. */
  trailing: string[];
}

/** What an argument of an operation may be. */
export type ArgSpec =
  | {
    readonly name: string;
    readonly type: "int";
    readonly min: number;
    readonly max: number;
    /** Values worth trying first. */
    readonly interesting: readonly number[];
  }
  | {
    readonly name: string;
    readonly type: "ref";
    readonly of: string;
    /** Generated programs give it what an operation made, nothing predefined. */
    readonly made?: boolean;
  }
  | {
    readonly name: string;
    readonly type: "cpu";
    /** Generated programs give it another CPU than the operation's own. */
    readonly other?: boolean;
  };

/** One operation a target offers. */
export interface OpSpec {
  readonly name: string;
  /** One sentence for `--help` and for the documentation. */
  readonly doc: string;
  readonly args: readonly ArgSpec[];
  /** The resource type of its result. */
  readonly result?: string;
  /** Contexts in which it may run; `["task"]` when absent. */
  readonly contexts?: readonly Context[];
  /** `boot`: only before the schedule; `run`: only on a CPU; `any` when absent. */
  readonly where?: "boot" | "run" | "any";
  /** Relative frequency in generated programs, 1 when absent; 0: only in hand-written files. */
  readonly weight?: number;
  /** The same for operations before the schedule; by default those with a result are favoured. */
  readonly bootWeight?: number;
  /** Allocations it makes, at most: how many injection points are worth trying. 0 when absent. */
  readonly allocs?: number;
}

/** Everything about a target that does not run. */
export interface TargetSpec {
  readonly name: string;
  readonly doc: string;
  readonly ops: readonly OpSpec[];
  /** Resources that exist before the first operation; they take slots 0, 1, … */
  readonly predefined: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Capacities of the packed form; an input that exceeds one is refused with its name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([LIMITS.cpus, LIMITS.ops], [32, 64]);
 * ```
 */
export const LIMITS = {
  cpus: 32,
  ops: 64,
  slots: 48,
  args: 3,
  steps: 256,
  events: 256,
} as const;
