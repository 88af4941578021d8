import { assertEquals } from "@std/assert";
import { making, ordering } from "../../src/report/making.ts";
import type { Finding, TracePoint } from "../../src/report/types.ts";
import { noise, point, touch } from "./inputs.ts";

const AT = { cpu: 0, context: "task", stack: ["outer", "charge"] };
const FINDING: Finding = { title: "T", oracle: "refcount", detail: [], at: AT, others: [] };
const SWITCH = { switchReason: "schedule" };

/** The accesses as `CPU0 read stock#0.nr (conflict)`. */
function told(trace: readonly TracePoint[], finding: Finding | null = FINDING): string[] {
  return making({ finding, trace }).map((a) =>
    `CPU${a.cpu} ${a.kind} ${a.object}.${a.field} (${a.why})`
  );
}

Deno.test("making() finds a write that the schedule put between two reads", () => {
  const trace = [
    ...noise(3, 0, 0),
    touch(0, 0, "f", "load", "stock#0.objcg", "obj_cgroup#1"),
    touch(1, 1, "g", "store", "stock#0.objcg", "NULL", SWITCH),
    ...noise(3, 1, 1),
    touch(0, 0, "f", "load", "stock#0.objcg", "NULL", { switchReason: "end" }),
  ];
  assertEquals(told(trace), [
    "CPU0 read stock#0.objcg (conflict)",
    "CPU1 write stock#0.objcg (conflict)",
    "CPU0 read stock#0.objcg (finding)",
  ]);
});

Deno.test("making() finds a pointer that is followed after another CPU has replaced it", () => {
  const trace = [
    touch(0, 0, "f", "READ_ONCE", "objcg#0.memcg", "memcg#1"),
    touch(1, 1, "g", "xchg", "objcg#0.memcg", "memcg#0", SWITCH),
    touch(1, 1, "g", "atomic_add_return", "memcg#1.count", "0"),
    touch(0, 0, "h", "load", "memcg#1.flags", "20", { switchReason: "end" }),
    touch(0, 0, "h", "atomic_add", "memcg#1.count", "1"),
  ];
  assertEquals(told(trace), [
    "CPU0 read objcg#0.memcg (conflict)",
    "CPU1 update objcg#0.memcg (conflict)",
    "CPU1 update memcg#1.count (object)",
    "CPU0 read memcg#1.flags (conflict)",
    "CPU0 update memcg#1.count (finding)",
  ]);
});

Deno.test("making() finds the stale store after an interrupt of the same CPU", () => {
  const irq = { context: "softirq" };
  const trace = [
    touch(0, 0, "consume", "load", "stock#0.nr_bytes", "4032"),
    point({ cpu: 0, op: 0, stack: ["consume"], what: "interrupt" }),
    touch(0, 1, "consume", "load", "stock#0.nr_bytes", "4032", irq),
    touch(0, 1, "consume", "store", "stock#0.nr_bytes", "4016", irq),
    touch(0, 0, "consume", "store", "stock#0.nr_bytes", "4000"),
    ...noise(3, 0, 2),
  ];
  const law: Finding = {
    ...FINDING,
    when: "quiescence",
    at: { ...AT, stack: [] },
    cells: [{ object: "stock#0", field: "nr_bytes" }],
  };
  assertEquals(told(trace, law), [
    "CPU0 read stock#0.nr_bytes (conflict)",
    "CPU0 write stock#0.nr_bytes (conflict)",
    "CPU0 write stock#0.nr_bytes (conflict)",
  ]);
});

Deno.test("making() takes what stored a pointer to an object that leaked", () => {
  const trace = [
    touch(0, 0, "f", "store", "objcg#1.list", "NULL"),
    touch(0, 0, "f", "store", "stock#0.objcg", "objcg#1"),
    touch(0, 0, "f", "atomic_add", "objcg#1.count", "2"),
    ...noise(3, 0, 0),
  ];
  const leak: Finding = {
    ...FINDING,
    when: "teardown",
    cells: [{ object: "objcg#1", field: null }],
  };
  assertEquals(told(trace, leak), [
    "CPU0 write stock#0.objcg (value)",
    "CPU0 update objcg#1.count (value)",
  ]);
});

Deno.test("making() tells who freed the object of a finding", () => {
  const trace = [
    touch(0, 0, "f", "load", "stock#0.objcg", "objcg#1"),
    touch(1, 1, "g", "kfree", "objcg#1.", "0", SWITCH),
    touch(0, 0, "f", "load", "objcg#1.memcg", "memcg#0", { switchReason: "end" }),
  ];
  assertEquals(told(trace), [
    "CPU0 read stock#0.objcg (object)",
    "CPU1 free objcg#1. (object)",
    "CPU0 read objcg#1.memcg (finding)",
  ]);
});

Deno.test("making() leaves out counters that several CPUs change, and reads that agree", () => {
  const trace = [
    touch(0, 0, "f", "atomic_add", "counter#0.usage", "1"),
    touch(0, 0, "f", "load", "stock#0.objcg", "NULL"),
    touch(1, 1, "g", "atomic_add", "counter#0.usage", "2", SWITCH),
    touch(1, 1, "g", "load", "stock#0.objcg", "NULL"),
    touch(0, 0, "f", "load", "stock#0.objcg", "NULL", { switchReason: "end" }),
    touch(0, 0, "f", "atomic_add", "counter#0.usage", "3"),
    touch(0, 0, "f", "load", "x#0.y", "1"),
  ];
  assertEquals(told(trace), ["CPU0 read x#0.y (finding)"]);
});

Deno.test("making() tells all conflicts of an execution without a finding", () => {
  const trace = [
    touch(0, 0, "f", "load", "idr#0.tags", "1"),
    touch(1, 1, "g", "store", "idr#0.tags", "3", SWITCH),
    touch(0, 0, "f", "store", "idr#0.tags", "5", { switchReason: "end" }),
  ];
  assertEquals(told(trace, null).length, 3);
  assertEquals(making({ finding: null, trace: [] }), []);
});

Deno.test("ordering() does not depend on the numbers of CPUs, objects and operations", () => {
  const run = (a: number, b: number) => [
    touch(a, 3 * a, "f", "load", `stock#${a}.objcg`, "objcg#1"),
    touch(b, 3 * b, "g", "store", `stock#${a}.objcg`, "NULL", SWITCH),
    touch(a, 3 * a, "f", "load", `stock#${a}.objcg`, "NULL", { switchReason: "end" }),
  ];
  const lines = (a: number, b: number) =>
    ordering(making({ finding: { ...FINDING, at: { ...AT, cpu: a } }, trace: run(a, b) }));
  assertEquals(lines(0, 1), [
    "task 0: f: read stock.objcg",
    "task 1: g: write stock.objcg",
    "task 0: f: read stock.objcg",
  ]);
  assertEquals(lines(2, 0), lines(0, 1));
});
