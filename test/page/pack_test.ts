import { assertEquals, assertLess } from "@std/assert";
import { excerptAt, Excerpts } from "../../src/page/excerpts.ts";
import { pack, unpack } from "../../src/page/pack.ts";
import { at, dataOf } from "./points.ts";

Deno.test("unpack() gives back what pack() got, also through JSON", () => {
  const excerpts = [{ file: "a.ts", from: 7, lines: ["a", "b", "c"] }];
  const points = [
    at(0, 1, "f", "load", "a#0.b", "0", { owner: "outer", excerpt: 0, line: 9, irqOff: true }),
    at(1, -1, "g", "kfree", "a#0.", "", {
      field: null,
      value: null,
      owner: undefined,
      inRcu: true,
      bhOff: true,
      preemptOff: true,
      locks: ["x#0", "y#1.lock"],
      switchReason: "blocked",
    }),
  ];
  const data = dataOf(points, { excerpts });
  assertEquals(unpack(JSON.parse(JSON.stringify(pack(data)))), {
    ...data,
    points: [data.points[0], { ...data.points[1], owner: undefined }],
  });
  assertEquals(unpack(pack(dataOf([]))).points, []);
});

Deno.test("pack() has every text once", () => {
  const points = Array.from({ length: 1000 }, (_, i) => at(i % 2, 1, "f", "load", "a#0.b", "0"));
  assertLess(JSON.stringify(pack(dataOf(points))).length, 40_000);
});

const SOURCE = `import { a } from "a";

/** What f does. */
export const f = kernel(
  "f",
  () => {
    a();
  },
);
/** What g does. */
export const g = 1;
`.split("\n");

Deno.test("excerptAt() has the whole statement with its comment", () => {
  assertEquals(excerptAt("x.ts", SOURCE, 7), { file: "x.ts", from: 3, lines: SOURCE.slice(2, 9) });
  assertEquals(excerptAt("x.ts", SOURCE, 11).lines, SOURCE.slice(9, 11));
});

Deno.test("Excerpts.add() has each excerpt once, and none of a file that cannot be read", () => {
  const excerpts = new Excerpts();
  const read = () => SOURCE.join("\n");
  assertEquals([7, 6, 11].map((line) => excerpts.add("x.ts", line, read)), [0, 0, 1]);
  assertEquals(excerpts.add("y.ts", 1, () => null), -1);
  assertEquals(excerpts.add("x.ts", 99, read), -1);
  assertEquals(excerpts.all.length, 2);
});
