/**
 * The data of a finding, from which a report is made.
 *
 * On a replay, machine and sanitizers fill in this data. This folder turns it into text and imports
 * no runtime.
 *
 * @module
 */

/**
 * One point of a recorded execution.
 *
 * @example
 * ```ts
 * const point: TracePoint = {
 *   cpu: 1,
 *   context: "softirq",
 *   stack: ["obj_cgroup_uncharge", "refill_obj_stock"],
 *   what: "xchg",
 *   object: "obj_cgroup#2",
 *   field: "nr_charged_bytes",
 *   value: "0",
 *   op: 3,
 *   switchReason: null,
 * };
 * ```
 */
export interface TracePoint {
  readonly cpu: number;
  readonly context: string;
  /** Kernel functions on this CPU's stack, outermost first. The last one does the access. */
  readonly stack: readonly string[];
  /** The function that a title would name: the innermost that is no inlined helper. */
  readonly owner?: string;
  /** The primitive: `load`, `store`, `xchg`, `spin_lock`, … */
  readonly what: string;
  /** The object that is accessed, such as `obj_cgroup#2`, or null. */
  readonly object: string | null;
  /** The field that is accessed, such as `memcg`, or null. */
  readonly field: string | null;
  /** The value that is read or written, as text (`0x40`, `NULL`, `mem_cgroup#1`), or null. */
  readonly value: string | null;
  /** The index of the operation that this CPU executes, or -1. */
  readonly op: number;
  /**
   * Why the CPU of the point before stopped, if it was another one: `schedule`, `blocked`,
   * `end`, `between operations`.
   */
  readonly switchReason: string | null;
}

/** What a detailed recording knows of a point besides; all of it as it was before the point. */
export interface PointDetail {
  /** The number of its source file (`fileHash()` of its address), and its line; 0: unknown. */
  readonly file: number;
  readonly line: number;
  /** Interrupts, softirqs and preemption of the CPU that were off. */
  readonly irqOff: boolean;
  readonly bhOff: boolean;
  readonly preemptOff: boolean;
  /** Whether the CPU was in an RCU read-side section. */
  readonly inRcu: boolean;
  /** Locks that the CPU held, outermost first, such as `css_set_lock#0`. */
  readonly locks: readonly string[];
  /** The state of the memory that is accessed: `live`, `unwritten`, `freed`, … */
  readonly memory: string;
}

/** Where something was done, and by which CPU. */
export interface Site {
  readonly cpu: number;
  readonly context: string;
  /** Outermost first. */
  readonly stack: readonly string[];
}

/**
 * When a finding was made: by a boot operation; while the CPUs ran; when no CPU had anything left to
 * do; when the target took everything down; or after that.
 */
export const WHEN = ["boot", "run", "quiescence", "teardown", "verdict"] as const;
export type When = typeof WHEN[number];

/**
 * A finding, complete.
 *
 * @example
 * ```ts
 * const finding: Finding = {
 *   title: "refcount: 0 -> 1 in obj_cgroup_charge",
 *   oracle: "refcount",
 *   detail: ["mem_cgroup#1.css.refcnt.count had reached zero and was released"],
 *   at: { cpu: 0, context: "task", stack: ["obj_cgroup_charge", "css_get"] },
 *   others: [],
 * };
 * ```
 */
export interface Finding {
  /** The identity of the bug. It has no numbers that vary. */
  readonly title: string;
  /** The sanitizer: `KASAN`, `refcount`, `lockdep`, … */
  readonly oracle: string;
  /** What happened, in sentences, with the values. */
  readonly detail: readonly string[];
  /** For memory errors: the access. */
  readonly access?: {
    readonly write: boolean;
    /** Bytes. 0 if memory was freed and not accessed. */
    readonly size: number;
    readonly address: number;
    readonly object: string | null;
    readonly field: string | null;
    /** Lines about the object that the address belongs to, as KASAN prints them. */
    readonly belongs?: readonly string[];
    /** Shadow memory around the address, as KASAN prints it. */
    readonly around: readonly string[];
  };
  /** For uninitialised values: where they come from. */
  readonly origin?: {
    /** Stores of the value, the last one first. */
    readonly stored: readonly Site[];
    /** Who allocated the object, and the field that holds the value. */
    readonly created?: Site;
    readonly field?: string;
    /** For a local variable: its function. */
    readonly local?: string;
  };
  readonly at: Site;
  /** When it was found; while CPUs ran, if nothing else is said. */
  readonly when?: When;
  /**
   * The cells that it is about, besides that of the access: those that a law adds up. Without a
   * field, all cells of the object.
   */
  readonly cells?: readonly { readonly object: string; readonly field: string | null }[];
  readonly allocated?: Site;
  readonly freed?: Site;
  /** Who queued a callback or work item inside the object, newest first. */
  readonly works?: readonly Site[];
  /** Where the other CPUs were at that moment. */
  readonly others: readonly Site[];
}

/** The first law that the input of a finding breaks, and the step that breaks it. */
export interface FirstBroken {
  readonly title: string;
  /** What is wrong, with the values. */
  readonly detail: string;
  readonly cpu: number;
  /** The operation that the CPU executed; null if it executed none. */
  readonly operation: string | null;
  /** The function that the CPU was in last; null if it is not known. */
  readonly fn: string | null;
  /** Whether it was seen only when no CPU had anything left to do. */
  readonly isLate: boolean;
  /** Whether it breaks the law when each CPU runs to its end, one after the other. */
  readonly inTurn: boolean;
}

/** A call or an access of a tree's C that its translation leaves out. */
export interface LeftOutCall {
  /** The function that makes it. */
  readonly fn: string;
  readonly file: string;
  readonly line: number;
  /** What it is, and why it is left out. */
  readonly what: string;
}

/** Everything that a report needs. */
export interface ReportInput {
  readonly kernel: string;
  readonly preempt: string;
  readonly cpus: number;
  /** One line per operation, as in the file; `TracePoint.op` is an index into it. */
  readonly ops: readonly string[];
  readonly finding: Finding;
  readonly trace: readonly TracePoint[];
  /** The law that was broken first; null or absent if there is none, or nobody looked. */
  readonly first?: FirstBroken | null;
  /** What the translation of a tree leaves out; the report lists what lies on its path. */
  readonly leftOut?: readonly LeftOutCall[];
  /** Files that were written for this finding. */
  readonly files: readonly string[];
  /** One complete command line that reproduces the finding. */
  readonly command: string;
}

/** The same for an execution that may have no finding. */
export interface TraceInput extends Omit<ReportInput, "finding"> {
  readonly finding: Finding | null;
}
