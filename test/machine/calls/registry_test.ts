import { assert, assertEquals, assertThrows } from "@std/assert";
import { oopsOf } from "../bare.ts";

const R = await import("../../../src/machine/calls/registry.ts");
const { regs, SITE, SP } = await import("../../../src/machine/layout/registers.ts");
const { fnAt } = await import("../../../src/machine/words/cpu_state.ts");
const { onUninitUse, UNINIT } = await import("../../../src/machine/hooks/uninit.ts");
const { WARN_ON } = await import("../../../src/machine/findings/warn.ts");
const { oops, OOPS_UNINIT } = await import(
  "../../../src/machine/findings/oops.ts"
);

const leaf = R.kernel("leaf", (a: number, b: number): number => a - b);
const caller = R.kernel("caller", (a: number): number => leaf(a, 1));

Deno.test("kernel() passes arguments and results through", () => {
  assertEquals(leaf(5, 3), 2);
  assertEquals(caller(5), 4);
});

Deno.test("kernel() refuses a name that is taken", () => {
  assertThrows(() => R.kernel("leaf", () => 0), Error, 'Cannot register "leaf"');
});

Deno.test("replace() takes effect everywhere and returns the body it replaced", () => {
  const old = R.replace("leaf", (a: number, b: number) => a + b, "a-patch");
  assertEquals(caller(5), 6);
  assertEquals(R.patchedFunctions(), [{ name: "leaf", patch: "a-patch" }]);
  R.replace("leaf", old, "back");
  assertEquals(caller(5), 4);
});

Deno.test("replace() refuses unknown names and more arguments than there were", () => {
  assertThrows(() => R.replace("lief", () => 0, "p"), Error, 'Cannot patch "lief"');
  assertThrows(
    () => R.replace("leaf", (_a: number, _b: number, _c: number) => 0, "p"),
    Error,
    "takes 2 arguments, the patch 3",
  );
  assertEquals(leaf(1, 1), 0);
});

Deno.test("kernel() keeps the call stack while a function runs, and restores it", () => {
  const stack: string[] = [];
  const look = R.kernel("look", (): void => {
    for (let s = 1; s <= regs[SP]; s++) stack.push(R.functionName(fnAt(s)));
  });
  const via = R.kernel("via", () => look());
  via();
  assertEquals(stack, ["via", "look"]);
  assertEquals(regs[SP], 0);
});

Deno.test("kernel() counts points anew in a call and goes on counting after it", async () => {
  const { point } = await import("../../../src/machine/memory/point.ts");
  const sites: number[] = [];
  const one = R.kernel("one_point", () => void sites.push(point(0, 0)));
  const two = R.kernel("two_points", () => {
    sites.push(point(0, 0));
    one();
    one();
    sites.push(point(0, 0));
  });
  regs[SITE] = 0;
  two();
  assertEquals(sites[1], sites[2], "the same point of two calls is one site");
  assertEquals(sites[3] - sites[0], 1);
  assert(sites[0] !== sites[1]);
});

Deno.test("findings in inlined helpers are named for their caller", async () => {
  const helper = R.kernel("helper", () => WARN_ON(true, "why"), { inline: true });
  const outer = R.kernel("outer_fn", () => helper());
  assertEquals(await oopsOf(outer), { title: "WARNING in outer_fn", text: "why" });
  assert(R.isInline(R.functionId("helper")));
  assert(!R.isInline(R.functionId("outer_fn")));
  assertEquals((await oopsOf(helper)).title, "WARNING in helper", "there is nobody else to name");
});

Deno.test("kernel() asks the sanitizer about results that were never written", async () => {
  const f = R.kernel("returns_garbage", (): number => UNINIT);
  assert(Number.isNaN(f()));
  onUninitUse((_how, fn) => oops(OOPS_UNINIT, 0, 0, "", fn));
  assertEquals((await oopsOf(() => f())).title, "KMSAN: uninit-value in returns_garbage");
  onUninitUse(null);
});

Deno.test("names and numbers of functions lead to each other", () => {
  const id = R.functionId("leaf");
  assertEquals(R.functionName(id), "leaf");
  assertEquals(R.idOf(leaf), id);
  assertEquals(R.functionById(id), leaf);
  assertEquals(R.kernelFunction("leaf"), leaf);
  assertEquals(R.callById(R.functionId("caller"), 3), 2);
  assertEquals([R.functionId("nobody"), R.functionName(0)], [0, "?"]);
  assertEquals(R.kernelFunction("nobody"), undefined);
  assertThrows(() => R.idOf(() => 0), Error, "not registered");
  assert(R.functionNames().indexOf("leaf") < R.functionNames().indexOf("caller"));
});
