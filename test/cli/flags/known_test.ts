import { assertEquals, assertThrows } from "@std/assert";
import { SeriesOnDemand } from "../../../src/cli/flags/known.ts";

async function loads(...texts: string[]): Promise<number> {
  let n = 0;
  const series = new SeriesOnDemand(() => Promise.resolve(new Map([[`${++n}`, null as never]])));
  await series.loadFor(texts);
  await series.loadFor(texts);
  return n;
}

Deno.test("the series is loaded for kernels with changes, once", async () => {
  assertEquals(await loads("--kernel", "v5.10+3de7d4f25a74"), 1);
  assertEquals(await loads("title: t\nexpect v5.14-7fa0dacbaf12: none\n"), 1);
  assertEquals(await loads("posted,v5.9+b11b"), 1);
});

Deno.test("the series is not loaded for versions, nor for other words with a sign", async () => {
  assertEquals(await loads("--kernel", "v5.10", "corpus/objcg/a+b.txt", "seed-new", "v5.99+x"), 0);
});

Deno.test("a series that nobody loaded cannot be read", () => {
  const series = new SeriesOnDemand(() => Promise.resolve(new Map()));
  assertThrows(() => series.all, Error, "The series is not loaded");
});
