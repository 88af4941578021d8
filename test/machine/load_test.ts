/** A machine comes into being through load(); this thread has none when the first tests run. */
import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { load, loadToRead } from "../../src/machine/load.ts";
import { arenaBytes } from "../../src/machine/layout/regions.ts";
import { CPU, regs } from "../../src/machine/layout/registers.ts";
import { views } from "../../src/machine/words/arena.ts";
import { DEFAULT_CONFIG } from "../../src/machine/words/config.ts";

const ARENA_BYTES = arenaBytes(false);
const UNATTACHED = "Cannot use the machine: this thread has no arena";
const place = { config: { ...DEFAULT_CONFIG, cpus: 2 }, cpu: 1 };

Deno.test("views() throws when no arena is attached", () => {
  assertThrows(views, Error, UNATTACHED);
});

Deno.test("a module of the machine that is loaded before its arena says so", async () => {
  // A Worker has a module graph of its own, which nobody attaches an arena to.
  const url = new URL("./unattached_worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const said = await new Promise((resolve) => worker.onmessage = (e) => resolve(e.data));
  worker.terminate();
  assertEquals(said, Array(3).fill(UNATTACHED));
});

Deno.test("load() rejects an arena of another size", async () => {
  const shared = new SharedArrayBuffer(ARENA_BYTES - 4);
  await assertRejects(
    () => load({ ...place, shared }, () => Promise.resolve()),
    RangeError,
    `Cannot attach: an arena has ${ARENA_BYTES} bytes, not ${ARENA_BYTES - 4}`,
  );
});

Deno.test("load() attaches the arena and becomes a CPU before it loads what was asked for", async () => {
  const shared = new SharedArrayBuffer(ARENA_BYTES);
  const { buffer, modules } = await load({ ...place, shared }, () => {
    assertStrictEquals(views().buffer, shared);
    assertEquals(regs[CPU], 1);
    return import("../../src/machine/memory/objects.ts");
  });
  assertStrictEquals(buffer, shared);
  assertEquals(modules.structTypes(), []);
});

Deno.test("load() makes one machine per thread, and loadToRead() leaves it alone", async () => {
  const { buffer } = views();
  await assertRejects(
    () => load(place, () => Promise.resolve()),
    Error,
    "Cannot attach an arena: this thread has one already",
  );
  assertEquals(await loadToRead(() => Promise.resolve(5)), 5);
  assertStrictEquals(views().buffer, buffer);
});
