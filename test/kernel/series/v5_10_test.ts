/** What the patches of v5.10 change. */
import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v5.10",
  target: file("test/kernel/probe_target.ts"),
});
const SETUP = `boot a = mkdir(root)\nboot b = mkdir(root)\nboot attach(cpu0, a)`;
function results(body: string, preempt: "full" | "rt" = "full"): number[] {
  const r = m.run(`${SETUP}\n${body}`, { preempt });
  assertEquals([r.title, r.text], [null, ""]);
  return r.returns.slice(3);
}

Deno.test("an allocation in a handler is charged to nobody, unless the handler names a cgroup", () => {
  const usages = results(`
    boot h = css_hold(b)
    cpu0 hardirq kmalloc(64)
    cpu0 hardirq kmalloc_remote(h, 64)
    cpu1 usage(a)
    cpu1 usage(b)
    schedule:
    cpu0 until end
    cpu1 until end
  `).slice(-2);
  assertEquals(usages, [0, 32]);
});

Deno.test("a charge that cannot wait goes over the limit, one that can wait fails", () => {
  const [, , failed, , usage] = results(`
    boot o = obj_cgroup_get_remote(b)
    boot set_max(b, 0)
    cpu0 obj_cgroup_charge(o, 64)
    cpu0 softirq obj_cgroup_charge(o, 64)
    cpu1 usage(b)
    schedule:
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([failed, usage], [-12, 1]);
});

Deno.test("an allocation whose charge fails returns NULL", () => {
  assertEquals(results(`boot set_max(a, 0)\ncpu0 kmalloc(64)`).at(-1), 0);
});

Deno.test("pages that are uncharged go to the counter at once", () => {
  const [, , usage, stock] = results(`
    boot o = obj_cgroup_get_remote(b)
    cpu0 obj_cgroup_charge(o, 65536)
    cpu0 obj_cgroup_uncharge(o, 65536)
    cpu0 usage(b)
    cpu0 stock_pages(cpu0)
  `).slice(-4);
  assertEquals([usage, stock], [16, 16]);
});

Deno.test("mkdir makes at most ten allocations, and leaks nothing when one of them fails", () => {
  const r = m.run(`cpu0 c = mkdir(root)\ncpu0 rmdir(c)`);
  assertEquals(r.trace.filter((p) => p.what === "kmalloc").length, 10);
  for (let k = 1; k <= 10; k++) {
    // A css that gets no counters (7) or no id (9) keeps the id of its memcg: h04. If its reference
    // count gets no data (8), the counters are freed twice: k02.
    const title = k === 8
      ? "KASAN: double-free in css_free_rwork_fn"
      : k === 7 || k === 9
      ? "freed memcg keeps its id"
      : null;
    const failed = m.run(`cpu0 c = mkdir(root) {fail ${k}}`);
    assertEquals([failed.title, failed.returns[0]], [title, -12]);
  }
});

Deno.test("the data of a percpu_ref is freed with it, and after that the ref has none", () => {
  const r = m.run(`cpu0 c = mkdir(root)\ncpu0 rmdir(c)`);
  const frees = r.trace.filter((p) => p.what === "kfree").map((p) => p.object!.split("#")[0]);
  assertEquals(frees.filter((f) => f === "percpu_ref_data").length, 2);
  assert(frees.lastIndexOf("percpu_ref_data") < frees.indexOf("mem_cgroup"));
});
