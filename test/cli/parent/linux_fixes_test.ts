/** `--fixed` with `--linux`: which fixes come behind the tree's patch, and what they must not undo. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { fixesOfTree, functionsOfPatch } from "../../../src/cli/parent/linux_fixes.ts";
import { UsageError } from "../../../src/cli/flags/usage.ts";

Deno.test("functionsOfPatch() names what a patch replaces, not what it calls", () => {
  const text = `export default patch("x", "y", {
  drain_all_stock(root: mem_cgroup): void {
    mutex_unlock(lock);
  },
});`;
  assertEquals(functionsOfPatch(text), ["drain_all_stock"]);
});

Deno.test("fixes come with the functions of the tree that they replace", () => {
  const translated = ["drain_all_stock", "drain_stock"];
  const { paths, replaced } = fixesOfTree({ fixed: ["b15"] }, "v6.12", translated, []);
  assertEquals(replaced, ["drain_all_stock"]);
  assert(paths.some((path) => path.endsWith("b15-mark-of-an-isolated-cpu.ts")), paths.join());
  assertEquals(fixesOfTree({}, "v6.12", translated, []), { paths: [], replaced: [] });
});

Deno.test("a fix does not undo what a diff changes", () => {
  const make = (changed: string) => fixesOfTree({ fixed: "all" }, "v6.12", [], [changed]);
  assertThrows(() => make("drain_all_stock"), UsageError, "the diff changes drain_all_stock()");
  assert(make("drain_stock").paths.length > 0);
});
