/** `--fixed` with `--linux`: which fixes come behind the tree's patch, and what they must not undo. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fixesOfTree } from "../../../src/cli/parent/linux_fixes.ts";
import { UsageError } from "../../../src/cli/flags/usage.ts";

Deno.test("fixes come with the functions of the tree that they replace", async () => {
  const translated = ["drain_all_stock", "drain_stock"];
  const { paths, replaced } = await fixesOfTree({ fixed: ["b15"] }, "v6.12", translated, []);
  assertEquals(replaced, ["drain_all_stock"]);
  assert(paths.some((path) => path.endsWith("b15-mark-of-an-isolated-cpu.ts")), paths.join());
  assertEquals(await fixesOfTree({}, "v6.12", translated, []), { paths: [], replaced: [] });
});

Deno.test("a fix does not undo what a diff changes", async () => {
  const make = (changed: string) => fixesOfTree({ fixed: "all" }, "v6.12", [], [changed]);
  await assertRejects(
    () => make("drain_all_stock"),
    UsageError,
    "the diff changes drain_all_stock()",
  );
  assert((await make("drain_stock")).paths.length > 0);
});
