import { assertEquals, assertNotEquals } from "@std/assert";
import { fingerprint } from "../../src/report/fingerprint.ts";
import type { Finding, TracePoint } from "../../src/report/types.ts";
import { touch } from "./inputs.ts";

const FINDING: Finding = {
  title: "WARNING in page_counter_cancel",
  oracle: "WARN",
  detail: [],
  at: { cpu: 0, context: "task", stack: ["uncharge", "page_counter_cancel"] },
  others: [],
};

const charge = (memcg: string) => [
  touch(0, 0, "charge", "READ_ONCE", "objcg#1.memcg", memcg),
  touch(0, 0, "charge", "load", `${memcg}.flags`, "1"),
];
const reparent = (cpu = 1) => touch(cpu, 1, "reparent", "xchg", "objcg#1.memcg", "memcg#0");
const uncharge = [
  touch(0, 2, "uncharge", "READ_ONCE", "objcg#1.memcg", "memcg#0"),
  touch(0, 2, "page_counter_cancel", "atomic_add_return", "memcg#0.usage", "-1"),
];
const online = touch(0, 3, "online", "store", "objcg#1.memcg", "memcg#1");

function print(trace: readonly TracePoint[], finding = FINDING): string[] {
  return fingerprint({ finding, trace });
}

Deno.test("fingerprint() tells a charge before reparenting from one after it", () => {
  const after = print([online, reparent(), ...charge("memcg#0"), ...uncharge]);
  const before = print([online, ...charge("memcg#1"), reparent(), ...uncharge]);
  const at = "at: page_counter_cancel update memcg.usage";
  assertEquals(after, [at, "objcg.memcg: reparent update, charge read, uncharge read"]);
  assertEquals(before, [
    at,
    "objcg.memcg: online write, charge read, reparent update, uncharge read",
  ]);
});

Deno.test("fingerprint() is the same on other CPUs, with other objects and after other accesses", () => {
  const one = [online, reparent(), ...charge("memcg#0"), ...uncharge];
  const noise = touch(1, 4, "other", "store", "objcg#2.memcg", "memcg#2");
  const earlier = touch(2, 5, "reparent", "xchg", "objcg#1.memcg", "memcg#3");
  assertEquals(print([noise, online, earlier, reparent(2), ...one.slice(2)]), print(one));
});

Deno.test("fingerprint() of a use after free is about the pointer that led there", () => {
  const uaf: Finding = {
    ...FINDING,
    oracle: "KASAN",
    access: { write: false, size: 8, address: 64, object: "objcg#1", field: "memcg", around: [] },
  };
  const store = touch(1, 1, "refill", "store", "stock#0.objcg", "objcg#1");
  const look = touch(0, 0, "flush", "load", "stock#0.objcg", "objcg#1");
  const read = touch(0, 0, "flush", "READ_ONCE", "objcg#1.memcg", "memcg#1");
  const clear = touch(1, 1, "drain", "store", "stock#0.objcg", "NULL");
  const lines = ["at: flush read objcg.memcg", "stock.objcg: refill write, flush read"];
  assertEquals(print([store, look, read], uaf), lines);
  assertNotEquals(print([store, look, clear, read], uaf), lines);
});

Deno.test("fingerprint() of an error of memory leaves out values that its thread never read", () => {
  const oops: Finding = { ...FINDING, oracle: "KASAN" };
  const look = (value: string) => touch(0, 0, "flush", "load", "stock#0.objcg", value);
  const write = (fn: string, value: string) => touch(1, 1, fn, "store", "stock#0.objcg", value);
  const first = [write("refill", "objcg#1"), look("objcg#1"), write("drain", "NULL")];
  const lines = print([...first, look("NULL")], oops);
  const again = [write("refill", "objcg#2"), write("drain", "NULL")];
  assertEquals(print([...first, ...again, look("NULL")], oops), lines);
  // What it did read makes a difference.
  const other = [...first, write("refill", "objcg#2"), look("objcg#2")];
  assertNotEquals(print([...other, write("drain", "NULL"), look("NULL")], oops), lines);
});

Deno.test("fingerprint() has the last of the reads that a thread does in a row", () => {
  const oops: Finding = { ...FINDING, oracle: "KASAN" };
  const look = (fn: string, value: string) => touch(0, 0, fn, "load", "stock#0.objcg", value);
  const write = (fn: string, value: string) => touch(1, 1, fn, "store", "stock#0.objcg", value);
  const refill = write("refill", "objcg#1");
  const race = [look("flush", "objcg#1"), write("drain", "NULL"), look("flush", "NULL")];
  const lines = print([refill, ...race], oops);
  assertEquals(print([refill, look("consume", "objcg#1"), ...race], oops), lines);
  // A write in between makes a difference.
  const twice = [look("consume", "NULL"), refill, ...race];
  assertNotEquals(print([refill, write("drain", "NULL"), ...twice], oops), lines);
});

Deno.test("fingerprint() of a local variable has the access before, and not what others did there", () => {
  const uninit: Finding = { ...FINDING, oracle: "KMSAN", origin: { stored: [], local: "online" } };
  const undo = touch(0, 2, "free_id", "clear_bit", "globals#0.ids", "1");
  const other = touch(0, 0, "alloc_id", "set_bit", "globals#0.ids", "1");
  const own = touch(0, 2, "alloc_id", "set_bit", "globals#0.ids", "3");
  const lines = ["at: free_id update globals.ids"];
  assertEquals(print([own, undo], uninit), lines);
  assertEquals(print([other, own, undo], uninit), lines);
});

Deno.test("fingerprint() tells an update that was lost from one that was wrong", () => {
  const judged: Finding = {
    ...FINDING,
    oracle: "memcg_id",
    at: { ...FINDING.at, stack: [] },
    when: "quiescence",
    cells: [{ object: "idr#0", field: "tags" }],
  };
  const tags = (cpu: number, fn: string, what: string) =>
    touch(cpu, cpu, fn, what, "idr#0.tags", "1");
  const remove = ["load", "store"].map((what) => tags(1, "remove", what));
  const alloc = ["load", "store"].map((what) => tags(0, "alloc", what));
  const own = "idr.tags: remove write";
  const lost = "idr.tags: remove read, alloc write, remove write";
  const found = "found: quiescence";
  assertEquals(print([...alloc, ...remove], judged), [found, own]);
  assertEquals(print([remove[0], ...alloc, remove[1]], judged), [found, lost]);
  // Reads of others make no difference.
  assertEquals(print([alloc[0], remove[0], alloc[1], remove[1]], judged), [found, lost]);
});

Deno.test("fingerprint() of a mark has who set it, though a word of bits is all updates", () => {
  const judged: Finding = {
    ...FINDING,
    oracle: "ownership",
    at: { ...FINDING.at, stack: [] },
    when: "quiescence",
    cells: [{ object: "stock#0", field: "flags" }, { object: "stock#0", field: "work.data" }],
  };
  const drain = touch(0, 0, "drain", "test_and_set_bit", "stock#0.flags", "1");
  const hold = touch(1, 1, "refill", "store", "stock#0.nr_bytes", "64");
  const queue = touch(0, 0, "drain", "test_and_set_bit", "stock#0.work.data", "1");
  const run = touch(1, 2, "process", "WRITE_ONCE", "stock#0.work.data", "0");
  const lines = ["found: quiescence", "stock.flags: drain update"];
  assertEquals(print([drain], judged), lines);
  assertEquals(print([hold, drain], judged), lines);
  assertEquals(print([hold, drain, queue, run], judged), [
    ...lines,
    "stock.work.data: process write",
  ]);
  const add = touch(0, 0, "drain", "atomic_add", "stock#0.flags", "1");
  assertEquals(print([add], judged), lines.slice(0, 1)); // a counter may be changed in any order
});

Deno.test("fingerprint() of a law about one counter has who changed it last", () => {
  const judged: Finding = {
    ...FINDING,
    oracle: "conservation",
    at: { ...FINDING.at, stack: [] },
    when: "quiescence",
    cells: [{ object: "objcg#0", field: "parked" }],
  };
  const park = (op: number) => touch(0, op, "park", "atomic_add", "objcg#0.parked", "64");
  const lock = touch(0, 3, "consume", "store", "stock#0.lock", "1");
  const lines = ["found: quiescence", "objcg.parked: last park update"];
  assertEquals(print([lock, park(0), park(1)], judged), lines);
  assertEquals(print([park(0), touch(1, 2, "other", "load", "stock#0.lock", "1")], judged), lines);
});

Deno.test("fingerprint() of a cycle of locks has who takes them in each order", () => {
  const cycle: Finding = {
    ...FINDING,
    title: "WARNING: possible circular locking dependency: a and b->x",
    oracle: "lockdep",
  };
  const take = (cpu: number, fn: string, lock: string) => [
    touch(cpu, cpu, fn, "spin_lock", lock, "1"),
  ];
  const leave = (cpu: number, lock: string) => touch(cpu, cpu, "f", "spin_unlock", lock, "0");
  const trace = [
    ...take(0, "freeze", "a#0.lock"),
    ...take(0, "freeze", "b#1.x.lock"),
    leave(0, "b#1.x.lock"),
    leave(0, "a#0.lock"),
    ...take(1, "signal", "b#2.x.lock"),
    ...take(1, "signal", "c#2.lock"),
    ...take(1, "release", "a#0.lock"),
  ];
  assertEquals(print(trace, cycle), ["a -> b: freeze, freeze", "b -> a: signal, release"]);
});
