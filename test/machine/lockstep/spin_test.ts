/** What is no loop that gets nowhere. Those that are: test/sanitizers/hang_test.ts. */
import { assert, assertEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../harness.ts";

const m = await makeMachine({ cpus: 2, kernel: "v7.1", target: OBJCG });
const { SPIN_AFTER } = await import("../../../src/machine/lockstep/spin.ts");

Deno.test("whoever does the same operation again and again gets somewhere", () => {
  const r = m.run(Array(60).fill("cpu0 drain_all_stock(root)").join("\n"));
  assertEquals(r.title, null);
  assert(r.points > 2 * SPIN_AFTER, `${r.points} points`);
});
