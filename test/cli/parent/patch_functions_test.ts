import { assertEquals, assertRejects } from "@std/assert";
import { functionsReplaced } from "../../../src/cli/parent/patch_functions.ts";
import { UsageError } from "../../../src/cli/flags/usage.ts";

const patch = (name: string) =>
  new URL(`../../../src/kernel/patches/${name}.ts`, import.meta.url).pathname;

Deno.test("functionsReplaced() names what patches replace, however it is written, and each once", async () => {
  const names = await functionsReplaced(
    ["b22a_stock_of_a_memcg", "b22d_residue_for_nobody"].map(patch),
  );
  assertEquals(names, ["__consume_obj_stock", "__refill_obj_stock", "obj_cgroup_release"]);
});

Deno.test("functionsReplaced() refuses what is no file", async () => {
  await assertRejects(() => functionsReplaced([patch("none")]), UsageError, "Cannot read patch");
});
