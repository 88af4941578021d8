/** States of a kernel whose stocks have the bytes of several objcgs together. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../machine/harness.ts";

const m = await makeMachine({ kernel: "v7.1+b22d", cpus: 1, target: OBJCG });
const { rarestState, stateCounts } = await import("../../src/machine/memory/coverage.ts");

/** The stock has the last reference to the objcg of C, which belongs to A. */
const LAST = `
  boot a = mkdir(root)
  boot c = mkdir(a)
  boot o = obj_cgroup_get_remote(c)
  boot obj_cgroup_charge(o, 64)
  boot rmdir(c)
  boot h = css_hold(a)
  boot obj_cgroup_put(o)
`;

function after(body: string): number {
  stateCounts.fill(0);
  rarestState();
  assertEquals(m.run(body, { trace: false }).title, null);
  return rarestState();
}

Deno.test("a stock of whose bytes another objcg's object has some is a state of its own", () => {
  const alone = after(LAST);
  assertNotEquals(after(`${LAST}\n boot x = kmalloc_nolock(h, 56)`), alone);
});
