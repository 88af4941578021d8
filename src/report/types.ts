/**
 * What a finding is made of, before it is put into words.
 *
 * The machine and the sanitizers fill these in on replay; this folder turns them into text and
 * imports no runtime.
 *
 * @module
 */

/**
 * One schedule point of a recorded execution, as it was passed: before the access.
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
  /** Kernel functions on this CPU's stack, outermost first; the last one does the access. */
  readonly stack: readonly string[];
  /** The primitive: `load`, `store`, `xchg`, `spin_lock`, … */
  readonly what: string;
  /** The object touched, such as `obj_cgroup#2`, or null. */
  readonly object: string | null;
  /** The field touched, such as `memcg`, or null. */
  readonly field: string | null;
  /** The value read or written, as text (`0x40`, `NULL`, `mem_cgroup#1`), or null. */
  readonly value: string | null;
  /** Index of the operation in the program that this CPU is executing, or -1. */
  readonly op: number;
  /** Why another CPU ran before this point, when one did: `schedule`, `blocked on …`, `end`. */
  readonly switchReason: string | null;
}

/** Where and by whom something was done. */
export interface Site {
  readonly cpu: number;
  readonly context: string;
  /** Outermost first. */
  readonly stack: readonly string[];
}

/**
 * A finding, complete.
 *
 * @example
 * ```ts
 * const finding: Finding = {
 *   title: "refcount: 0 -> 1 in css_get",
 *   oracle: "refcount",
 *   detail: ["mem_cgroup#1.css.refcnt.count had reached zero and was released"],
 *   at: { cpu: 0, context: "task", stack: ["obj_cgroup_charge", "css_get"] },
 *   others: [],
 * };
 * ```
 */
export interface Finding {
  /** Stable, without numbers that vary: the identity of the bug. */
  readonly title: string;
  /** The oracle: `KASAN`, `refcount`, `lockdep`, … */
  readonly oracle: string;
  /** What happened, in sentences, with the values. */
  readonly detail: readonly string[];
  /** For memory errors: the access. */
  readonly access?: {
    readonly write: boolean;
    /** Bytes; 0 if memory was freed rather than accessed. */
    readonly size: number;
    readonly address: number;
    readonly object: string | null;
    readonly field: string | null;
    /** Whose memory it is, as KASAN puts it. */
    readonly belongs?: readonly string[];
    /** Shadow memory around the address, as KASAN prints it. */
    readonly around: readonly string[];
  };
  /** For values that were never written: where they come from. */
  readonly origin?: {
    /** Stores that the value went through, the last first. */
    readonly stored: readonly Site[];
    /** Who allocated the object whose field it is, and that field. */
    readonly created?: Site;
    readonly field?: string;
    /** The function whose local variable it is, if it is no field. */
    readonly local?: string;
  };
  readonly at: Site;
  readonly allocated?: Site;
  readonly freed?: Site;
  /** Who queued a callback or work item inside the object, newest first. */
  readonly works?: readonly Site[];
  /** Other CPUs at that moment. */
  readonly others: readonly Site[];
}

/** What the report command needs to know about the input. */
export interface ReportInput {
  readonly kernel: string;
  readonly preempt: string;
  readonly cpus: number;
  /** One line per operation, as in the file, indexed as TracePoint.op. */
  readonly ops: readonly string[];
  readonly finding: Finding;
  readonly trace: readonly TracePoint[];
  /** Files written for this finding. */
  readonly files: readonly string[];
  /** One complete command line that reproduces it. */
  readonly command: string;
}

/** The same of an execution that need not have a finding. */
export interface TraceInput extends Omit<ReportInput, "finding"> {
  readonly finding: Finding | null;
}
