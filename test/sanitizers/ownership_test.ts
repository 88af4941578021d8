import { assertEquals } from "@std/assert";
import { file, type MachineOptions, OBJCG } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";

const BASE: MachineOptions = { cpus: 2, kernel: "v5.9", target: OBJCG, stacks: true };
const planted = (name: string) => file(`test/sanitizers/planted/ownership/${name}.ts`);
const REMOVE = `
  boot p = mkdir(root)
  boot a = mkdir(p)
  boot o = obj_cgroup_get_remote(a)
  cpu0 rmdir(a)
  cpu1 obj_cgroup_charge(o, 64)
`;
const DRAIN = `
  boot a = mkdir(root)
  boot attach(cpu0, a)
  cpu0 x = kmalloc(64)
  cpu0 drain_all_stock(a)
`;

const UNCHARGE = `
  boot a = mkdir(root)
  boot o = obj_cgroup_get_remote(a)
  cpu0 obj_cgroup_charge(o, 4096)
  cpu0 obj_cgroup_charge(o, 64)
  cpu0 obj_cgroup_uncharge(o, 4096)
`;
const TWO = `
  boot a = mkdir(root)
  boot b = mkdir(root)
  cpu0 drain_all_stock(a)
`;

/** Patch, program, title. */
const PLANTS: [string, string, string][] = [
  ["off_list", REMOVE, "objcg is not on the list of its cgroup"],
  [
    "keep_active",
    `${REMOVE.replace("cpu0", "boot c = css_hold(a)\n  cpu0")}`,
    "offline cgroup with an objcg",
  ],
  ["stay_flushing", DRAIN, "stock is never drained again"],
  ["drain_half", DRAIN, "stock is marked as drained, but is not, in drain_local_stock"],
  [
    "unheld_lookup",
    UNCHARGE,
    "objcg->memcg is looked up without RCU or a lock in drain_obj_stock",
  ],
  ["list_own", TWO, "objcg is not on the list of its cgroup"],
];

const ON_LISTS = `
  boot a = mkdir(root)
  boot attach(cpu0, a)
  boot x = kmem_cache_alloc_lru()
  boot list_lru_add_obj(x)
  boot attach(cpu0, root)
  cpu1 rmdir(a)
`;
const LISTS = "v6.12+list_lru";

/** Those of kernels with list_lru. */
const LIST_PLANTS: [string, string, string][] = [
  ["lists_stay", ON_LISTS, "object is on the list_lru of another cgroup"],
  ["items_lost", ON_LISTS, "list_lru does not count what is on it"],
  ["list_freed", ON_LISTS, "object is on the list_lru of another cgroup"],
];

for (const [patch, program, title] of [...PLANTS, ...LIST_PLANTS]) {
  Deno.test(`ownership catches ${patch}`, async () => {
    const kernel = LIST_PLANTS.some(([name]) => name === patch) ? LISTS : BASE.kernel;
    const options = { ...BASE, kernel, patches: [planted(patch)] };
    await withMachine(options, async (m) => {
      const r = await m.run(program);
      assertEquals(r.title, title);
      assertGolden(`ownership/${patch}`, r.report);
    });
    await withMachine({ ...options, without: ["ownership"] }, async (m) => {
      assertEquals((await m.run(program)).title === title, false);
    });
  });
}

for (const kernel of ["posted", "v5.9"]) {
  Deno.test(`ownership is silent about ${kernel}, at every point and under any preemption model`, async () => {
    await withMachine({ ...BASE, kernel, everyStep: true }, async (m) => {
      for (const preempt of ["none", "full", "rt"] as const) {
        for (let gap = 1; gap < 400; gap += 7) {
          const schedule = `schedule: numeric\norder cpu0 cpu1\n+${gap} switch cpu1\n`;
          const r = await m.run(`${REMOVE}\n${schedule}`, { preempt });
          // Both kernels have bug S2.
          const title = r.title === "refcount: 0 -> 1 in obj_cgroup_charge" ? null : r.title;
          assertEquals([title, gap], [null, gap]);
        }
      }
    });
  });
}

Deno.test(`ownership is silent about ${LISTS}, whoever puts an object on a list that moves`, async () => {
  const change = ON_LISTS.replace("boot list_lru_add_obj(x)", "boot y = kmem_cache_alloc_lru()") +
    "cpu0 list_lru_add_obj(x)\ncpu0 list_lru_add_obj(y)\ncpu0 list_lru_del_obj(x)\n";
  await withMachine({ ...BASE, kernel: LISTS }, async (m) => {
    for (const preempt of ["none", "full", "rt"] as const) {
      for (let gap = 1; gap < 60; gap++) {
        for (const order of ["cpu0 cpu1", "cpu1 cpu0"]) {
          const other = order.slice(5);
          const schedule = `schedule: numeric\norder ${order}\n+${gap} switch ${other}\n`;
          const r = await m.run(`${change}\n${schedule}`, { preempt });
          assertEquals([r.title, gap, order], [null, gap, order]);
        }
      }
    }
  });
});
