/** The floor plan is kept: arrows go one way, files and functions stay small. */
import { assert, assertEquals } from "@std/assert";
import { root } from "./documentation.ts";
import { circles, within } from "./structure/graph.ts";
import {
  ARROWS,
  badArrows,
  badRooms,
  MAKERS,
  pastContract,
  roomGraph,
  ROOMS,
} from "./structure/rules.ts";
import { readSource } from "./structure/source.ts";
import { importGraph, readTree, sources, type Tree } from "./structure/tree.ts";

/** The largest file, in bytes, and the longest function, in lines. */
const FILE_MAX = 20 * 1024;
const FUNCTION_MAX = 70;

const tree = readTree(root, ["src", "fuzz", "mod.ts"]);
const files = sources(tree);
const graph = importGraph(files);

/** Circles as one line each. */
function told(found: string[][]): string[] {
  return found.map((circle) => circle.join(" "));
}

function graphOf(tree: Record<string, string>) {
  return importGraph(sources(new Map(Object.entries(tree)) as Tree));
}

for (const folder of Object.keys(ARROWS)) {
  Deno.test(`${folder} has no circle of files and none of rooms`, () => {
    const part = within(graph, folder);
    assertEquals(told(circles(part)), []);
    assertEquals(told(circles(roomGraph(part))), []);
  });
}

Deno.test("all files together have no circle, nor have all rooms", () => {
  assertEquals(told(circles(graph)), []);
  assertEquals(told(circles(roomGraph(graph))), []);
});

Deno.test("every import names a file that exists", () => {
  const missing = [...graph].flatMap(([path, arrows]) =>
    [...arrows].filter((arrow) => !files.has(arrow)).map((arrow) => `${path} imports ${arrow}`)
  );
  assertEquals(missing, []);
});

Deno.test("arrows between the folders at the top are those of the floor plan", () => {
  assertEquals(badArrows(graph), []);
  // A folder that nothing is in would hold the test's attention and mean nothing.
  for (const folder of Object.keys(ARROWS)) {
    assert([...files.keys()].some((path) => path === folder || path.startsWith(`${folder}/`)));
  }
});

for (const folder of Object.keys(ARROWS)) {
  Deno.test(`${folder}: the arrows between its rooms go down`, () => {
    assertEquals(badRooms(graph, folder), []);
  });
}

Deno.test("the engine and the command line know of the machine only its contract", () => {
  assertEquals(pastContract(graph), []);
  const unused = Object.entries(MAKERS).flatMap(([path, arrows]) =>
    arrows.filter((arrow) => !graph.get(path)?.has(arrow)).map((arrow) => `${path} ${arrow}`)
  );
  assertEquals(unused, []);
});

Deno.test("pastContract() names what goes past the contract", () => {
  const planted = graphOf({
    "src/engine/a.ts": 'import type { A } from "../machine/words/arena.ts";',
    "src/engine/b.ts": 'import { B } from "../machine/executor.ts"; import "../prog/c.ts";',
    "src/cli/c.ts": 'await import("../machine/load.ts"); await import("../machine/workers.ts");',
    "src/kernel/d.ts": 'import "../machine/words/arena.ts";',
  });
  assertEquals(pastContract(planted, { "src/cli/c.ts": ["src/machine/workers.ts"] }), [
    "src/engine/a.ts imports src/machine/words/arena.ts",
    "src/cli/c.ts imports src/machine/load.ts",
  ]);
});

Deno.test("every room of the written order exists", () => {
  for (const [folder, rooms] of Object.entries(ROOMS)) {
    for (const room of rooms) {
      const path = room === "." ? folder : `${folder}/${room}`;
      assert([...files.keys()].some((file) => file.startsWith(`${path}/`)), path);
    }
  }
});

Deno.test("no file is above 20 KB and no function above 70 lines", () => {
  const encoder = new TextEncoder();
  const large = [...tree].map(([path, text]) => ({ path, size: encoder.encode(text).length }))
    .filter(({ size }) => size > FILE_MAX);
  assertEquals(large, []);
  const long = [...files].flatMap(([path, { functions }]) =>
    functions.filter(({ lines }) => lines > FUNCTION_MAX).map(({ line, lines }) =>
      `${path}:${line}: ${lines} lines`
    )
  );
  assertEquals(long, []);
});

Deno.test("readSource() sees every kind of import, and none in a comment or a text", () => {
  const { imports } = readSource(
    "a.ts",
    `
    import { a } from "./static.ts";
    import type { B } from "./type.ts";
    import { type C } from "./inline_type.ts";
    import * as d from "./namespace.ts";
    import "./side_effect.ts";
    export { e } from "./re_export.ts";
    export type { F } from "./re_export_type.ts";
    export * from "./re_export_all.ts";
    const g = await import("./dynamic.ts");
    let h: typeof import("./typeof.ts");
    let i: import("./import_type.ts").I;
    new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    // import "./line_comment.ts";
    /** import { j } from "./doc_comment.ts"; */
    const k = \`import "./template.ts"\`, l = 'import "./text.ts"';
    new URL("./page.html", import.meta.url);
    `,
  );
  assertEquals(imports.toSorted(), [
    "./dynamic.ts",
    "./import_type.ts",
    "./inline_type.ts",
    "./namespace.ts",
    "./re_export.ts",
    "./re_export_all.ts",
    "./re_export_type.ts",
    "./side_effect.ts",
    "./static.ts",
    "./type.ts",
    "./typeof.ts",
    "./worker.ts",
  ]);
});

Deno.test("readSource() measures functions from their first line to their last", () => {
  const text = "function f() {\n  return 1;\n}\nconst g = () =>\n  2;\nclass C {\n  m() {}\n}\n";
  assertEquals(readSource("a.ts", text).functions, [
    { line: 1, lines: 3 },
    { line: 4, lines: 2 },
    { line: 7, lines: 1 },
  ]);
});

Deno.test("circles() finds a circle of files, by types too, and a file that imports itself", () => {
  const planted = graphOf({
    "src/a.ts": 'import { b } from "./b.ts";',
    "src/b.ts": 'import type { C } from "./room/c.ts";',
    "src/room/c.ts": 'let a: typeof import("../a.ts");',
    "src/d.ts": 'import "./a.ts"; import "./e.ts";',
    "src/e.ts": 'import "./e.ts";',
    "src/f.ts": "",
  });
  assertEquals(told(circles(planted)), ["src/a.ts src/b.ts src/room/c.ts", "src/e.ts"]);
});

Deno.test("circles() of rooms finds one where the files have none", () => {
  const planted = graphOf({
    "src/one/a.ts": 'import "../two/b.ts";',
    "src/two/b.ts": "",
    "src/two/c.ts": 'import "../one/d.ts";',
    "src/one/d.ts": "",
    "src/one/deep/e.ts": 'import "../a.ts";',
  });
  assertEquals(circles(planted), []);
  assertEquals(told(circles(roomGraph(planted))), ["src/one src/two"]);
});

Deno.test("badArrows() names imports against the floor plan, and folders without a place", () => {
  const planted = graphOf({
    "src/low/a.ts": 'import "../high/b.ts";',
    "src/high/b.ts": 'import "../low/c.ts";',
    "src/low/c.ts": "",
    "src/new/d.ts": "",
  });
  assertEquals(badArrows(planted, { "src/low": [], "src/high": ["src/low"] }), [
    "src/low/a.ts imports src/high/b.ts",
    "src/new/d.ts: src/new is not in the floor plan",
  ]);
});

Deno.test("badRooms() names imports that go up, and rooms without a place", () => {
  const planted = graphOf({
    "src/x/low/a.ts": 'import "../high/deep/b.ts";',
    "src/x/high/deep/b.ts": 'import "../../low/c.ts"; import "../../../y/d.ts";',
    "src/x/low/c.ts": 'import "../top.ts";',
    "src/x/top.ts": 'import "./high/deep/b.ts";',
    "src/x/new/e.ts": "",
  });
  assertEquals(badRooms(planted, "src/x", ["low", "high", "."]), [
    "src/x/low/a.ts imports src/x/high/deep/b.ts",
    "src/x/low/c.ts imports src/x/top.ts",
    "src/x/new/e.ts: the room has no place in src/x",
  ]);
});
