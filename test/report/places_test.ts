import { assertEquals } from "@std/assert";
import { comesThrough, placesOf } from "../../src/report/places.ts";
import type { Finding, TracePoint } from "../../src/report/types.ts";
import { noise, touch } from "./inputs.ts";

const AT = { cpu: 0, context: "task", stack: ["outer", "charge"] };
const FINDING: Finding = { title: "T", oracle: "refcount", detail: [], at: AT, others: [] };
const SWITCH = { switchReason: "schedule" };

/** A pointer is read by `f`, cleared by another CPU in `g`, and read again. */
const RACE = [
  ...noise(3, 0, 0),
  touch(0, 0, "f", "load", "stock#0.objcg", "obj_cgroup#1"),
  touch(1, 1, "g", "store", "stock#0.objcg", "NULL", SWITCH),
  ...noise(3, 1, 1),
  touch(0, 0, "f", "load", "stock#0.objcg", "NULL", { switchReason: "end" }),
];

const PLACES = placesOf({ finding: FINDING, trace: RACE });

Deno.test("placesOf() has the access that found something, and the other thread's", () => {
  const names = PLACES.map(({ field, fn, struct }) => `${fn} ${struct}.${field}`);
  assertEquals(names, ["f stock.objcg", "g stock.objcg"]);
});

Deno.test("placesOf() has none if one thread is enough", () => {
  const trace = RACE.filter(({ cpu }) => cpu === 0);
  assertEquals(placesOf({ finding: FINDING, trace }), []);
});

Deno.test("comesThrough() wants both places, of two threads, at one cell, in any order", () => {
  const read = touch(0, 0, "f", "READ_ONCE", "stock#2.objcg", "NULL");
  const write = touch(1, 1, "g", "WRITE_ONCE", "stock#2.objcg", "NULL");
  const all: [TracePoint[], boolean][] = [
    [[read, write], true],
    [[write, read], true],
    [[read], false],
    [[write, touch(1, 1, "f", "load", "stock#2.objcg", "NULL")], false],
    [[write, touch(0, 0, "f", "load", "stock#1.objcg", "NULL")], false],
    [[write, touch(0, 0, "f", "load", "stock#2.nr_bytes", "0")], false],
    [
      [write, { ...touch(0, 0, "h", "load", "stock#2.objcg", "NULL"), stack: ["elsewhere", "h"] }],
      false,
    ],
  ];
  for (const [trace, through] of all) assertEquals(comesThrough(trace, PLACES), through);
  assertEquals(comesThrough([read, write], []), false);
});

Deno.test("comesThrough() takes another access of the function around it for the same place", () => {
  const within = (point: TracePoint, ...stack: string[]): TracePoint => ({ ...point, stack });
  const [read, write] = [
    touch(0, 0, "css_get", "load", "css#0.refcnt", "1"),
    touch(1, 1, "css_kill", "store", "css#0.refcnt", "0"),
  ];
  const places = [
    { fn: "css_get", caller: "charge", struct: "css", field: "refcnt" },
    { fn: "css_kill", caller: "", struct: "css", field: "refcnt" },
  ];
  const mended = within(read, "charge", "css_tryget");
  assertEquals(comesThrough([mended, write], places), true);
  assertEquals(comesThrough([within(read, "uncharge", "css_tryget"), write], places), false);
});
