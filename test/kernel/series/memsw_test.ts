/** The counter of memory and swap of a cgroup1 hierarchy. */
import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v7.1+memsw",
  target: file("test/kernel/probe_target.ts"),
});

/** What the last operations return. */
function last(n: number, program: string): number[] {
  const r = m.run(program);
  assertEquals([r.title, r.text], [null, ""]);
  return r.returns.slice(-n);
}

const A = `
  boot p = mkdir(root)
  boot a = mkdir(p)
  boot o = obj_cgroup_get_remote(a)
`;

Deno.test("whatever is charged to memory is charged to memsw, on every level", () => {
  const counters = "cpu0 usage(a)\ncpu0 memsw(a)\ncpu0 usage(p)\ncpu0 memsw(p)\n";
  assertEquals(last(4, `${A}cpu0 obj_cgroup_charge(o, 4096)\n${counters}`), [64, 64, 64, 64]);
  const uncharged = `${A}cpu0 obj_cgroup_charge(o, 8192)\ncpu0 obj_cgroup_uncharge(o, 8192)
    cpu0 drain_all_stock(root)\n${counters}`;
  assertEquals(last(4, uncharged), [0, 0, 0, 0]);
});

Deno.test("memsw is charged first, and charged nothing if memory refuses", () => {
  const r = m.run(`${A}
    boot set_max(a, 0)
    cpu0 obj_cgroup_charge(o, 4096, GFP_NOWAIT)
    cpu0 usage(a)
    cpu0 memsw(a)
    cpu0 memsw(p)
  `);
  assertEquals([r.title, ...r.returns.slice(-4)], [null, -12, 0, 0, 0]);
  const changes = r.trace.filter((p) => p.object === "mem_cgroup#2" && p.what.startsWith("atomic_"))
    .map((p) => p.field);
  // A batch, then the page that is asked for.
  const each = ["memsw.usage", "memory.usage", "memory.usage", "memsw.usage"];
  assertEquals(changes, [...each, ...each]);
});

Deno.test("if memsw refuses, memory is not asked", () => {
  const r = m.run(`${A}
    boot set_max(p, 2)
    boot set_memsw_max(p, 2)
    boot obj_cgroup_charge(o, 8192)
    cpu0 obj_cgroup_charge(o, 4096, GFP_NOWAIT)
    cpu0 usage(p)
    cpu0 memsw(p)
  `);
  assertEquals([r.title, ...r.returns.slice(-3)], [null, -12, 2, 2]);
  assertEquals(r.trace.some((p) => p.field === "memory.usage"), false);
});

Deno.test("a charge that must not fail goes over both limits", () => {
  const program = `${A}
    boot set_max(a, 0)
    boot set_memsw_max(a, 0)
    cpu0 obj_cgroup_charge(o, 4096, GFP_KERNEL|__GFP_NOFAIL)
    cpu0 usage(a)
    cpu0 memsw(a)
  `;
  assertEquals(last(3, program), [0, 1, 1]);
});

Deno.test("memory may not have more than both together", () => {
  const program = `${A}
    cpu0 set_memsw_max(a, 10)
    cpu0 set_max(a, 10)
    cpu0 set_memsw_max(a, 10)
    cpu0 set_max(a, 11)
    cpu0 set_memsw_max(a, 9)
  `;
  assertEquals(last(5, program), [-22, 0, 0, -22, -22]);
});

Deno.test("lowering the limit drains what is in stocks", () => {
  const program = `${A}
    boot obj_cgroup_charge(o, 4096)
    cpu0 set_max(a, 1)
    cpu0 set_memsw_max(a, 1)
    cpu0 usage(a)
    cpu0 memsw(a)
  `;
  assertEquals(last(4, program), [0, 0, 1, 1]);
});
