/** What goes on while lines are passed that a review watches. */
import { assertEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../../machine/harness.ts";
import { OFFLINING, PASSED } from "../../../src/machine/layout/passages.ts";

const m = await makeMachine({ kernel: "v5.9", target: OBJCG, cpus: 2 });
const { watchLines } = await import("../../../src/cli/cpu/watch_lines.ts");
watchLines({ functions: [["obj_cgroup_charge"]], heads: [0], within: [0] }, 2);

/** What was noted of a charge, whatever bug of the kernel shows at the end. */
function offlining(program: string): number {
  m.run(program);
  return m.executor.passages.at(0);
}

const CHARGE = `
  boot a = mkdir(root)
  boot o = obj_cgroup_get_remote(a)
`;

/** A cgroup is removed, and an interrupt charges before it is offline. Only CPU 0's thread is watched. */
const MEANWHILE = `
  cpu0 rmdir(a)
  cpu0 softirq obj_cgroup_charge(o, 8)
  schedule:
  cpu0 until css_killed_work_fn: mutex_lock
  cpu0 interrupt
  cpu0 until end
`;

Deno.test("a line is passed during offlining from the kill of a css until it is freed", () => {
  assertEquals(offlining(`${CHARGE}\ncpu0 obj_cgroup_charge(o, 8)`), PASSED);
  assertEquals(offlining(CHARGE + MEANWHILE), PASSED | OFFLINING);
  const over = `${CHARGE}\nboot b = mkdir(root)\nboot rmdir(b)\ncpu0 obj_cgroup_charge(o, 8)`;
  assertEquals(offlining(over), PASSED);
});

Deno.test("a css that failed to come online was never offline, whenever it is freed", () => {
  const failed = `${CHARGE}\nboot mkdir(root) {fail 7}`;
  assertEquals(offlining(failed + MEANWHILE), PASSED | OFFLINING);
});
