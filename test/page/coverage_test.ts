import { assertEquals } from "@std/assert";
import { fileHash } from "../../src/prog/hash.ts";
import { Coverage } from "../../src/page/coverage.ts";
import { Sources } from "../../src/page/sources.ts";
import type { PointDetail, TracePoint } from "../../src/report/types.ts";
import { touch } from "../report/inputs.ts";

const SOURCE = "function f() {\n  a();\n  b();\n}\nfunction g() {\n  c();\n}\n";
const URL = "file:///model.ts";

/** A point in a line. */
function passed(cpu: number, fn: string, line: number, more: Partial<TracePoint> = {}) {
  const point = touch(cpu, 1 + cpu, fn, "load", "a#0.b", "0", more);
  const detail = { file: fileHash(URL), line } as PointDetail;
  return { point, detail };
}

function added(coverage: Coverage, all: readonly ReturnType<typeof passed>[]): void {
  coverage.add(all.map(({ point }) => point), all.map(({ detail }) => detail));
}

const SOFTIRQ = { context: "softirq", op: -1, stack: ["g"] };

Deno.test("Coverage counts lines: hit, by two CPUs, and with a handler in between", () => {
  const coverage = new Coverage(new Sources([{ url: URL, name: "model.ts" }], () => SOURCE));
  added(coverage, [
    passed(0, "f", 2),
    passed(1, "f", 2),
    passed(0, "g", 6, SOFTIRQ),
    passed(0, "f", 3),
    passed(1, "f", 3),
  ]);
  added(coverage, [
    passed(0, "f", 2),
    passed(0, "f", 3),
    // The handler of another CPU comes between nothing.
    passed(1, "g", 6, SOFTIRQ),
    passed(0, "f", 3),
    // Before the first point of a thread there is nothing to come between.
    passed(0, "f", 2, { op: 7 }),
  ]);
  const { functions, ...rest } = coverage.data(["f", "g", "h"], 4);
  assertEquals(rest, { inputs: 2, left: 4, without: ["h"] });
  assertEquals(functions.map(({ file, from, lines, name }) => [name, file, from, lines]), [
    ["f", "model.ts", 1, [[2, 2, 1, 0], [3, 2, 1, 1]]],
    ["g", "model.ts", 5, [[6, 2, 0, 0]]],
  ]);
  assertEquals(functions[1].source, ["function g() {", "  c();", "}"]);
});

Deno.test("Coverage counts no point whose source is not known", () => {
  const coverage = new Coverage(new Sources([{ url: "file:///x.ts", name: "x" }], () => SOURCE));
  added(coverage, [passed(0, "f", 2)]);
  assertEquals(coverage.data(["f"], 0), { inputs: 1, left: 0, functions: [], without: ["f"] });
});

Deno.test("Sources shows what was translated in the place of the translation", () => {
  const excerpt = { file: "mm/f.c", from: 70, lines: ["f()", "{", "\ta();", "}"] };
  const files = [{
    url: URL,
    name: "model.ts",
    originOf: (line: number) => line === 2 ? { excerpt, line: 72 } : null,
  }];
  const sources = new Sources(files, () => SOURCE);
  const places = [2, 3, 2].map((line) => sources.place(fileHash(URL), line));
  assertEquals(places, [{ excerpt: 0, line: 72 }, { excerpt: 1, line: 3 }, {
    excerpt: 0,
    line: 72,
  }]);
  assertEquals(sources.excerpts.map(({ file }) => file), ["mm/f.c", "model.ts"]);
});
