import { assertEquals } from "@std/assert";
import { splat } from "../../src/report/splat.ts";
import type { Finding } from "../../src/report/types.ts";
import { noise, touch, USE_AFTER_FREE } from "./inputs.ts";

const LAW: Finding = {
  title: "objcg byte conservation violated",
  oracle: "conservation",
  detail: [],
  at: { cpu: 0, context: "task", stack: [] },
  when: "quiescence",
  cells: [{ object: "stock#0", field: "nr" }, { object: "objcg#1", field: "parked" }],
  others: [],
};
const TRACE = [
  touch(0, 2, "charge", "store", "stock#0.nr", "1"),
  touch(0, 2, "charge", "store", "stock#0.nr", "2"),
  ...noise(3, 1, 3),
  touch(1, 3, "drain", "atomic_add", "objcg#1.parked", "8", { context: "softirq" }),
  touch(1, 3, "drain", "store", "objcg#1.other", "8"),
];

/** The lines between the one about the CPU and the rule at the end. */
function judged(finding: Finding, trace = TRACE): string[] {
  const lines = splat({ ...USE_AFTER_FREE, finding, trace });
  return lines.slice(lines.findIndex((line) => line.startsWith("CPU: ")) + 1, -1);
}

Deno.test("splat() tells when a law was judged, and what changed its cells last", () => {
  assertEquals(judged(LAW), [
    "Judged by conservation at quiescence, when no CPU had anything left to do.",
    "Last changes of stock#0, objcg#1, by operation:",
    "  CPU0 obj_cgroup_charge(o, 64): store stock#0.nr = 2 in charge()",
    "  CPU1 rmdir(a) [softirq]: atomic_add objcg#1.parked = 8 in drain()",
  ]);
});

Deno.test("splat() says so if the schedule changed nothing that the law is about", () => {
  const cells = [{ object: "objcg#7", field: null }];
  assertEquals(judged({ ...LAW, when: "teardown", cells }), [
    "Judged by conservation after the target had taken everything down.",
    "Nothing in the schedule changed objcg#7.",
  ]);
});

Deno.test("splat() has a call trace where a function of the model was at work", () => {
  const at = { ...LAW.at, stack: ["cgroup_rmdir"] };
  assertEquals(judged({ ...LAW, when: "teardown", at }), [
    "Call Trace:",
    " <TASK>",
    " cgroup_rmdir",
    " </TASK>",
  ]);
});
