/** Findings written by hand, one for each form of a report. */
import type { Finding, ReportInput, TracePoint } from "../../src/report/types.ts";

type Point = Partial<TracePoint> & { cpu: number; stack: readonly string[]; what: string };

/** A point with defaults for the rest. */
export function point(p: Point): TracePoint {
  return {
    context: "task",
    object: null,
    field: null,
    value: null,
    op: -1,
    switchReason: null,
    ...p,
  };
}

/** A point that accesses a field. */
export function touch(
  cpu: number,
  op: number,
  fn: string,
  what: string,
  cell: string,
  value: string,
  more: Partial<TracePoint> = {},
): TracePoint {
  const [object, ...path] = cell.split(".");
  const field = path.join(".");
  return point({ cpu, op, stack: ["outer", fn], what, object, field, value, ...more });
}

/** `n` points that a report may leave out. */
export function noise(n: number, cpu: number, op: number, fn = "page_counter_try_charge") {
  return Array.from(
    { length: n },
    (_, i) => touch(cpu, op, fn, "atomic_add", `page_counter#${i}.usage`, String(32 * i)),
  );
}

const FINDING: Finding = {
  title: "KASAN: slab-use-after-free Read in drain_obj_stock",
  oracle: "KASAN",
  detail: ["Read of obj_cgroup#1.memcg, which is freed"],
  access: {
    write: false,
    size: 4,
    address: 0x140,
    object: "obj_cgroup#1",
    field: "memcg",
    belongs: [
      "The buggy address belongs to the object at 0000012e",
      " which belongs to the cache obj_cgroup of size 48",
      "The buggy address is located 36 bytes inside of",
      " freed 48-byte region [0000012e, 00000146)",
    ],
    around: [
      " 0000012e: fb fb fb fb fb fb fb fb",
      ">0000013e: fb fb fb fb fc fc fc fc",
      "              ^",
      " 0000014e: fc fc fc fc fc fc fc fc",
    ],
  },
  at: { cpu: 0, context: "task", stack: ["obj_cgroup_charge", "drain_obj_stock"] },
  allocated: { cpu: 0, context: "task", stack: ["mem_cgroup_css_online", "obj_cgroup_alloc"] },
  freed: { cpu: 1, context: "softirq", stack: ["rcu_do_batch", "obj_cgroup_release"] },
  works: [
    { cpu: 1, context: "task", stack: ["css_killed_work_fn", "obj_cgroup_put"] },
    { cpu: 0, context: "task", stack: ["cgroup_rmdir", "memcg_reparent_objcgs"] },
  ],
  others: [{ cpu: 1, context: "softirq", stack: ["rcu_do_batch", "obj_cgroup_release"] }],
};

const OPS = [
  "boot  a = mkdir(root)",
  "boot  o = obj_cgroup_get_current(cpu0)",
  "cpu0  obj_cgroup_charge(o, 64)",
  "cpu1  rmdir(a)",
];

/** Two CPUs, three switches, a use after free. */
export const USE_AFTER_FREE: ReportInput = {
  kernel: "posted",
  preempt: "full",
  cpus: 2,
  ops: OPS,
  finding: FINDING,
  trace: [
    ...noise(9, 0, 0, "cgroup_mkdir"),
    touch(0, 2, "consume_obj_stock", "load", "memcg_stock_pcp#0.cached_objcg", "NULL"),
    touch(0, 2, "obj_cgroup_memcg", "READ_ONCE", "obj_cgroup#1.memcg", "mem_cgroup#1"),
    ...noise(20, 0, 2),
    point({ cpu: 1, op: 3, stack: ["rmdir"], what: "spin_lock", switchReason: "schedule" }),
    touch(1, 3, "memcg_reparent_objcgs", "xchg", "obj_cgroup#1.memcg", "mem_cgroup#0"),
    ...noise(4, 1, 3, "css_put"),
    point({ cpu: 1, op: 3, stack: ["rmdir"], what: "mutex_lock" }),
    touch(0, 2, "refill_obj_stock", "store", "memcg_stock_pcp#0.nr_bytes", "0", {
      switchReason: "blocked",
    }),
    point({
      cpu: 1,
      context: "softirq",
      stack: ["rcu_do_batch", "obj_cgroup_release"],
      what: "kfree",
      object: "obj_cgroup#1",
      switchReason: "schedule",
    }),
    touch(0, 2, "drain_obj_stock", "load", "obj_cgroup#1.memcg", "mem_cgroup#0", {
      switchReason: "end",
    }),
  ],
  files: ["corpus/objcg/crashes/x.txt", "corpus/objcg/crashes/x.report"],
  command: "deno task replay --kernel posted corpus/objcg/crashes/x.txt",
};

/** Three CPUs whose columns are too wide for a mail. */
export const THREE_CPUS: ReportInput = {
  ...USE_AFTER_FREE,
  cpus: 3,
  finding: {
    title: "WARNING in page_counter_cancel",
    oracle: "WARN",
    detail: [],
    at: { cpu: 2, context: "hardirq", stack: ["page_counter_cancel"] },
    others: [
      { cpu: 0, context: "task", stack: [] },
      { cpu: 1, context: "task", stack: ["css_put"] },
    ],
  },
  ops: ["cpu0  rmdir(a)", "cpu1  rmdir(b)", "cpu2  hardirq kfree(object_with_a_long_name)"],
  trace: [
    touch(0, 0, "a_function_with_a_name_that_is_longer_than_the_column", "load", "x#0.y", "1"),
    touch(1, 1, "css_put", "atomic_add_return", "mem_cgroup#12.css.refcnt.count", "-2147483648", {
      switchReason: "schedule",
    }),
    point({ cpu: 2, stack: [], what: "interrupt", switchReason: "schedule" }),
    touch(2, 2, "page_counter_cancel", "atomic_add_return", "page_counter#3.usage", "-1", {
      context: "hardirq",
    }),
  ],
  files: [],
};

/** A finding at boot: no point was recorded. */
export const AT_BOOT: ReportInput = {
  ...USE_AFTER_FREE,
  cpus: 1,
  finding: {
    title: "KMSAN: uninit-value in memcg_online_kmem",
    oracle: "KMSAN",
    detail: ["The return value was never written on this path"],
    at: { cpu: 0, context: "task", stack: ["mem_cgroup_css_alloc"] },
    others: [],
  },
  trace: [],
};

/** An uninitialised value that was copied once; and an invalid free. */
export const UNINIT: ReportInput = {
  ...USE_AFTER_FREE,
  finding: {
    title: "KMSAN: uninit-value in refill_obj_stock",
    oracle: "KMSAN",
    detail: ["An argument of page_counter_charge() was never written."],
    at: { cpu: 0, context: "task", stack: ["obj_cgroup_charge", "refill_obj_stock"] },
    origin: {
      stored: [{ cpu: 1, context: "task", stack: ["rmdir", "drain_obj_stock"] }],
      created: { cpu: 1, context: "task", stack: ["mkdir", "obj_cgroup_alloc"] },
      field: "obj_cgroup#1.nr_charged_bytes",
    },
    others: [],
  },
};
export const BAD_FREE: ReportInput = {
  ...USE_AFTER_FREE,
  finding: {
    ...FINDING,
    title: "KASAN: double-free in obj_cgroup_release",
    detail: ["second free of obj_cgroup#1"],
    access: { ...FINDING.access!, size: 0 },
    works: [],
  },
};
