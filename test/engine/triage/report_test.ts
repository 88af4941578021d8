import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makeMachine, OBJCG } from "../../machine/harness.ts";

const m = await makeMachine({ cpus: 2, target: OBJCG, kernel: "v5.9" });
const { briefOf, recordForReport, reportOf } = await import(
  "../../../src/engine/triage/report.ts"
);
const { firstBroken } = await import("../../../src/engine/triage/cause.ts");
const { load } = await import("../../../src/engine/inputs/input.ts");

const FACTS = { kernel: "v5.9", files: [], command: "" };

/** Run a program, and record what its report needs. */
function reported(body: string) {
  const p = m.parse(body);
  const { hash, title } = m.run(p);
  load(m.executor, p, m.spec);
  recordForReport(m.executor, p);
  const { recording } = m.executor;
  return { title, hash, brief: briefOf(recording, p), text: reportOf(recording, p, FACTS) };
}

Deno.test("reportOf() shows the boot operations if there are no others", () => {
  const { brief, text, title } = reported("boot mkdir(root) {fail 6}");
  assertEquals(title, "freed memcg keeps its id");
  assertMatch(text, /^boot mkdir\(root\) \{fail 6\} .*\n {2}cgroup_mkdir: /m);
  assertStringIncludes(text, "rcu_assign_pointer mem_cgroup_idr_slot#2.entry = mem_cgroup#1");
  assert(brief.some((line) => line.includes("kfree mem_cgroup#1")), brief.join("\n"));
});

Deno.test("reportOf() shows the schedule alone if operations of CPUs make the finding", () => {
  const { hash, text } = reported(`
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    boot obj_cgroup_charge(o, 1)
    cpu1 cpu_down(cpu0)
  `);
  assertEquals(m.executor.outcome().traceHash, hash, "nothing was recorded anew");
  assertStringIncludes(text, "\nboot a = mkdir(root)\nboot o = ");
  assert(!text.includes("cgroup_mkdir:"));
});

Deno.test("firstBroken() is null for a race that breaks no law before it is found", () => {
  const p = m.parse(`
    boot a = mkdir(root)
    boot attach(cpu0, a)
    boot o = obj_cgroup_get_current(cpu0)
    boot attach(cpu0, root)
    cpu0 obj_cgroup_charge(o, 64)
    cpu1 rmdir(a)
    schedule:
    cpu1 until css_killed_work_fn
    cpu0 until obj_cgroup_charge: css_get
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(m.run(p).title, "refcount: 0 -> 1 in obj_cgroup_charge");
  assertEquals(firstBroken(m.executor, p, m.spec), null);
});
