import { assertEquals } from "@std/assert";
import { Memory } from "../../src/page/state.ts";
import { at } from "./points.ts";

const POINTS = [
  at(0, 1, "charge", "READ_ONCE", "objcg#0.memcg", "memcg#1", {
    stack: ["outer", "charge", "obj_cgroup_memcg"],
    owner: "charge",
  }),
  at(1, 2, "rmdir", "xchg", "objcg#0.memcg", "memcg#0"),
  at(1, 2, "rmdir", "store", "memcg#1.flags", "4"),
  at(1, 2, "rmdir", "kfree", "memcg#1.", "", { field: null, value: null }),
  at(0, 1, "charge", "load", "memcg#1.flags", "4", { memory: "freed" }),
  at(0, 1, "outer", "load", "objcg#0.memcg", "memcg#0", { stack: ["outer"] }),
  at(1, 2, "alloc", "store", "memcg#1.flags", "0", { memory: "unwritten" }),
];
const memory = new Memory(POINTS);

Deno.test("Memory.object() has the values after a point, and what the point changed", () => {
  assertEquals(memory.object("objcg#0", 0).cells, [
    { field: "memcg", value: "memcg#1", before: null, isAccessed: true },
  ]);
  assertEquals(memory.object("objcg#0", 1).cells, [
    { field: "memcg", value: "memcg#0", before: "memcg#1", isAccessed: true },
  ]);
  assertEquals(memory.object("objcg#0", 2).cells, [
    { field: "memcg", value: "memcg#0", before: null, isAccessed: false },
  ]);
  assertEquals(memory.value("memcg#1", "flags", 1), null, "no point has seen it yet");
  assertEquals(memory.value("memcg#1", "flags", 6), "0");
});

Deno.test("Memory.object() marks memory that was freed, and given out again", () => {
  assertEquals(POINTS.map((_, i) => memory.object("memcg#1", i).mark), [
    "",
    "",
    "",
    "freed",
    "freed",
    "freed",
    "reused",
  ]);
});

Deno.test("Memory.holders() has cells that point to an object, and CPUs that read a pointer", () => {
  const names = (i: number) => memory.holders("memcg#1", i).map(({ name }) => name);
  assertEquals(names(0), ["objcg#0.memcg", "CPU0 in charge()"]);
  assertEquals(names(1), ["CPU0 in charge()"]);
  assertEquals(names(4), ["CPU0 in charge()"]);
  assertEquals(names(5), [], "the function has returned");
  assertEquals(memory.known(1), ["objcg#0"]);
});
