/** Objects on lists of their cgroups, in the three ways in which kernels allocate them. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { file, type Ran } from "../../machine/harness.ts";
import { type RemoteMachine, withMachine } from "../../machine/remote.ts";

const KERNELS = ["v5.18+list_lru", "v6.7+list_lru", "v6.12+list_lru"];

/** What is tested on each. */
const CASES = new Map<string, (m: RemoteMachine) => Promise<void>>();

function onEach(name: string, f: (m: RemoteMachine) => Promise<void>): void {
  CASES.set(name, f);
}

/** A cgroup below another one, and the task of CPU0 in it. */
const BOOT = `
  boot p = mkdir(root)
  boot a = mkdir(p)
  boot attach(cpu0, a)
`;

/** Numbers of objects that an operation changed, and to what: `list_lru_node#0.lru 1`. */
function items({ trace }: Ran, op: number): string[] {
  return trace.filter((p) => p.op === op && p.what === "store" && p.field?.endsWith("nr_items"))
    .map(({ object, field, value }) =>
      `${object}.${field!.replace(/\.?nr_items/, "")} ${value}`.replace(/\. /, " ")
    );
}

onEach("a cgroup and its ancestors get lists with the first object, once", async (m) => {
  const r = await m.run(`${BOOT}
    cpu0 x = kmem_cache_alloc_lru()
    cpu0 y = kmem_cache_alloc_lru()
  `);
  const made = r.trace.filter((p) =>
    p.what === "kmalloc" && p.stack.includes("memcg_list_lru_alloc")
  );
  assertEquals([r.title, new Set(made.map((p) => p.op)).size], [null, 1]);
  const stored = r.trace.filter((p) => p.object?.startsWith("list_lru_xa_slot"))
    .filter((p) => p.what === "rcu_assign_pointer").map(({ object, value }) => [object, value]);
  // Those of the ancestor come first: 1 is the root's id, 2 that of P, 3 that of A.
  assertEquals(stored, [
    ["list_lru_xa_slot#2", "list_lru_memcg#1"],
    ["list_lru_xa_slot#3", "list_lru_memcg#0"],
  ]);
});

onEach("an object is put on the list of its cgroup and node, and on one only", async (m) => {
  const r = await m.run(`${BOOT}
    cpu0 x = kmem_cache_alloc_lru()
    cpu0 list_lru_add_obj(x)
    cpu0 list_lru_add_obj(x)
    cpu0 list_lru_del_obj(x)
    cpu0 list_lru_del_obj(x)
  `);
  assertEquals([r.title, ...r.returns.slice(-4)], [null, 1, 0, 1, 0]);
  const first = r.trace.find((p) => p.stack.includes("list_lru_add"))!.op;
  assertEquals(items(r, first), ["list_lru_memcg#0.node0 1", "list_lru_node#0 1"]);
  assertEquals([items(r, first + 1), items(r, first + 3)], [[], []]);
  assertEquals(items(r, first + 2), ["list_lru_memcg#0.node0 0", "list_lru_node#0 0"]);
});

onEach("when a cgroup is removed, its objects are found on the list of its parent", async (m) => {
  const r = await m.run(`${BOOT}
    boot x = kmem_cache_alloc_lru()
    boot list_lru_add_obj(x)
    boot attach(cpu0, root)
    boot rmdir(a)
    cpu0 list_lru_del_obj(x)
    cpu0 list_lru_add_obj(x)
    cpu0 rmdir(p)
    cpu0 synchronize_rcu()
    cpu0 list_lru_del_obj(x)
  `);
  assertEquals([r.title, ...r.returns.slice(-5)], [null, 1, 1, 0, 0, 1]);
  const del = r.trace.filter((p) => p.stack.includes("list_lru_del") && p.what === "store");
  const lists = del.filter((p) => p.field?.endsWith("nr_items")).map((p) =>
    `${p.object}.${p.field}`
  );
  assertEquals(lists, [
    "list_lru_memcg#1.node0.nr_items",
    "list_lru_node#0.nr_items",
    "list_lru_node#0.lru.nr_items",
    "list_lru_node#0.nr_items",
  ]);
});

onEach("a walk takes all objects of a cgroup off the list of a node", async (m) => {
  const r = await m.run(`${BOOT}
    boot h = css_hold(a)
    boot x = kmem_cache_alloc_lru()
    boot y = kmem_cache_alloc_lru()
    boot list_lru_add_obj(x)
    boot list_lru_add_obj(y)
    cpu0 list_lru_walk_one(h, 1)
    cpu0 list_lru_walk_one(h, 0)
    cpu0 list_lru_walk_one(h, 0)
    cpu0 list_lru_add_obj(x)
  `);
  assertEquals([r.title, ...r.returns.slice(-4)], [null, 0, 2, 0, 1]);
});

onEach("an allocation that fails leaves nothing behind, whichever it is", async (m) => {
  for (let n = 1; n <= 5; n++) {
    const r = await m.run(`${BOOT}
      cpu0 x = kmem_cache_alloc_lru() {fail ${n}}
      cpu0 y = kmem_cache_alloc_lru()
      cpu0 list_lru_add_obj(y)
    `);
    assertEquals([r.title, r.returns.at(-1)], [null, 1], `allocation ${n}`);
    assertNotEquals(r.returns.at(-2), 0);
  }
});

onEach("lists are made while the cgroup is removed, at any point", async (m) => {
  const program = `${BOOT}
    boot y = kmem_cache_alloc_lru() {fail 1, 2, 3, 4, 5}
    cpu0 x = kmem_cache_alloc_lru()
    cpu0 attach(cpu0, root)
    cpu0 list_lru_add_obj(x)
    cpu1 rmdir(a)
    cpu1 rmdir(p)
  `;
  for (const preempt of ["full", "rt"] as const) {
    for (let gap = 1; gap < 120; gap += 2) {
      const schedule = `schedule: numeric\norder cpu0 cpu1\n+${gap} switch cpu1\n`;
      const { title } = await m.run(`${program}\n${schedule}`, { preempt });
      assertEquals([title, gap], [null, gap]);
    }
  }
});

for (const kernel of KERNELS) {
  Deno.test(`objects on lists of their cgroups, on ${kernel}`, (t) =>
    withMachine({ cpus: 2, kernel, target: file("test/kernel/probe_target.ts") }, async (m) => {
      for (const [name, f] of CASES) await t.step(name, () => f(m));
    }));
}
