/** Amounts that add up are states: here the bytes of a stock, where charging may not uncharge. */
import { assertEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../machine/harness.ts";

const m = await makeMachine({ cpus: 1, kernel: "v5.14", target: OBJCG });
const { rarestState, stateCounts } = await import("../../src/machine/memory/coverage.ts");

/** The state after so many charges, each of which leaves 4095 bytes over. */
function after(charges: number): number {
  stateCounts.fill(0);
  rarestState();
  const charge = "boot obj_cgroup_charge(o, 61441)\n".repeat(charges);
  const boot = `boot a = mkdir(root)\nboot o = obj_cgroup_get_remote(a)\n${charge}`;
  assertEquals(m.run(`${boot}cpu0 synchronize_rcu()`, { trace: false }).title, null);
  return rarestState();
}

Deno.test("twice as much is another state, from two pages up to eight", () => {
  // Odd numbers: then the page stock has pages.
  const states = [1, 3, 5, 9].map(after);
  assertEquals(new Set(states).size, states.length);
  assertEquals([after(7), after(15)], states.slice(2));
});
