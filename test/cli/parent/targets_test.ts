import { assertEquals, assertRejects } from "@std/assert";
import { targetNames } from "../../../src/cli/flags/known.ts";
import { UsageError } from "../../../src/cli/flags/usage.ts";
import { loadTarget, nameTarget } from "../../../src/cli/parent/targets.ts";
import { withDir } from "../harness.ts";

Deno.test("a target of the project has the name of its file, so that it need not be loaded", async () => {
  for (const word of targetNames()) {
    const { spec: _, ...named } = await loadTarget(word);
    assertEquals(await nameTarget(word), named);
  }
});

Deno.test("nameTarget() loads a file, which may be none", () =>
  withDir(async (dir) => {
    Deno.writeTextFileSync(`${dir}/odd.ts`, "export default 1;");
    await assertRejects(() => nameTarget(`${dir}/odd.ts`), UsageError);
  }));
