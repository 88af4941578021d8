import { assertEquals } from "@std/assert";
import { makeMachine } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";
import { PLANTED, testCaught, testSilent } from "./plants.ts";

const m = await makeMachine({ cpus: 2, target: PLANTED, stepLimit: 300, stacks: true });

/** Operations and their titles. */
const PLANTS: Record<string, string> = {
  uninit_copied: "KMSAN: uninit-value in do_uninit_copied",
  uninit_computed: "KMSAN: uninit-value in do_uninit_computed",
  uninit_pointer: "KMSAN: uninit-value in do_uninit_pointer",
  uninit_pointer_copied: "KMSAN: uninit-value in do_uninit_pointer_copied",
  uninit_function: "KMSAN: uninit-value in do_uninit_function",
  uninit_argument: "KMSAN: uninit-value in do_uninit_argument",
  uninit_return: "KMSAN: uninit-value in gadget_x",
  uninit_branch: "KMSAN: uninit-value in do_uninit_branch",
  uninit_operand: "KMSAN: uninit-value in do_uninit_operand",
  uninit_index: "KMSAN: uninit-value in do_uninit_index",
  uninit_warn: "KMSAN: uninit-value in do_uninit_warn",
};
for (const [op, title] of Object.entries(PLANTS)) testCaught(m, op, title);

for (const op of ["init_ok", "uninit_copy"]) testSilent(m, "kmsan", op);

Deno.test("uninit_copied() reports the stores through which a value was copied", () => {
  assertGolden("kmsan/copied", m.run("cpu0 uninit_copied()").report);
});

Deno.test("uninit_pointer_copied() reports the stores through which a pointer was copied", () => {
  assertGolden("kmsan/pointer_copied", m.run("cpu0 uninit_pointer_copied()").report);
});

Deno.test("kmsan follows a value from one CPU to another", () => {
  const r = m.run(`cpu0 uninit_local()\ncpu1 uninit_local_used()`);
  assertEquals(r.title, "KMSAN: uninit-value in do_uninit_local_used");
  assertGolden("kmsan/local_used", r.report);
  assertEquals(m.run(`cpu0 uninit_local()\ncpu0 uninit_local_clear()`).title, null);
});

Deno.test("without kmsan a pointer that was never written is a general protection fault", async () => {
  await withMachine({ cpus: 1, target: PLANTED, without: ["kmsan"] }, async (o) => {
    const title = async (op: string) => (await o.run(`cpu0 ${op}()`)).title;
    assertEquals(await title("uninit_pointer"), "general protection fault in do_uninit_pointer");
    assertEquals(await title("uninit_function"), "general protection fault in do_uninit_function");
    assertEquals(await title("uninit_copied"), null);
    assertEquals(await title("uninit_branch"), null);
  });
});
