/** What findings follow from, on a kernel that keeps an objcg without a reference. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeMachine, OBJCG } from "../../machine/harness.ts";

const m = await makeMachine({ cpus: 2, target: OBJCG, kernel: "v5.9" });
const { default: patch } = await import("../../system/mutants/missing_get.ts");
const { default: fix } = await import(
  "../../../src/kernel/patches/567511462387-local-lock-v5.9.ts"
);
const { replace } = await import("../../../src/machine/calls/registry.ts");
const { firstBroken } = await import("../../../src/engine/triage/cause.ts");
const { briefOf, reportOf } = await import("../../../src/engine/triage/report.ts");
const { record } = await import("../../../src/engine/inputs/input.ts");
for (const { functions, name } of [fix, patch]) {
  for (const [f, body] of Object.entries(functions)) replace(f, body, name);
}

const SHORT = "obj_cgroup has fewer references than holders";

/** The title of a program, and the law that it breaks first. */
function causeOf(body: string) {
  const p = m.parse(body);
  const title = record(m.executor, p, m.spec);
  const first = firstBroken(m.executor, p, m.spec);
  record(m.executor, p, m.spec);
  return { p, title, first };
}

Deno.test("firstBroken() names the operation and the function that lose a reference", () => {
  const { first, p, title } = causeOf(`
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    cpu0 obj_cgroup_charge(o, 64)
    cpu0 rmdir(a)
    cpu0 drain_all_stock(root)
    cpu0 obj_cgroup_put(o)
  `);
  assert(title !== null && title !== SHORT, `${title}`);
  assertEquals({ ...first, detail: "" }, {
    title: SHORT,
    detail: "",
    cpu: 0,
    operation: "obj_cgroup_charge(o, 64)",
    fn: "refill_obj_stock",
    isLate: false,
    inTurn: false,
  });
  const facts = { kernel: "v5.9", files: [], command: "", first };
  const step = `CPU0 obj_cgroup_charge(o, 64), in refill_obj_stock()`;
  const { recording } = m.executor;
  assertStringIncludes(reportOf(recording, p, facts), `\nFirst broken: ${SHORT} by ${step}.\n`);
  const line = `  from: ${SHORT}: ${step}`.slice(0, 99);
  assertStringIncludes(briefOf(recording, p, first).at(-1)!, line);
});

Deno.test("firstBroken() looks at boot operations and at the teardown", () => {
  const boot = causeOf(`
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    boot obj_cgroup_charge(o, 8192)
    boot rmdir(a)
  `);
  assert(boot.title !== null);
  assertEquals([boot.first?.title, boot.first?.operation], [SHORT, null]);
});

Deno.test("executions that are not asked to judge every step do not", () => {
  const p = m.parse(`
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    cpu0 obj_cgroup_charge(o, 64)
  `);
  record(m.executor, p, m.spec, true, true);
  const { isStep, title } = m.executor.outcome().found!;
  assertEquals([isStep, title], [true, SHORT]);
  record(m.executor, p, m.spec);
  assert(m.executor.outcome().found?.title !== SHORT);
});
