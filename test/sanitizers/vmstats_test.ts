import { assertEquals } from "@std/assert";
import { file, type MachineOptions, OBJCG } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";

const BATCHED: MachineOptions = {
  cpus: 2,
  kernel: "v5.10+memcg_vmstats",
  target: OBJCG,
  stacks: true,
};
const RSTAT: MachineOptions = { ...BATCHED, kernel: "v6.1+memcg_state_local" };
const planted = (name: string) => file(`test/sanitizers/planted/vmstats/${name}.ts`);
const fix = (name: string) => file(`src/kernel/patches/${name}.ts`);

const SUM = "slab statistics of a cgroup do not add up";
const LOCAL = "local slab statistics below zero";

/** CPU0's task lives in a child of the root. */
const INSIDE = `boot a = mkdir(root)\nboot attach(cpu0, a)\n`;

/** Patch, kernel, program, what it is reported as. */
const PLANTS: [string, MachineOptions, string, string][] = [
  ["no_ancestor", BATCHED, `${INSIDE}cpu0 kmalloc(64)`, SUM],
  ["wrong_node", BATCHED, `${INSIDE}cpu0 x = kmalloc(64)\ncpu0 kfree(x)`, SUM],
  [
    "twice",
    RSTAT,
    `${INSIDE}cpu0 x = kmalloc(64)\ncpu0 drain_all_stock(root)
     cpu0 kfree(x)\ncpu0 drain_all_stock(root)`,
    LOCAL,
  ],
];
for (const [patch, base, program, title] of PLANTS) {
  Deno.test(`vmstats catches ${patch}`, async () => {
    const options = { ...base, patches: [planted(patch)] };
    await withMachine(options, async (m) => {
      const r = await m.run(program);
      assertEquals([r.title, r.oracle], [title, "vmstats"]);
      assertGolden(`vmstats/${patch}`, r.report);
    });
    await withMachine({ ...options, without: ["vmstats"] }, async (m) => {
      assertEquals((await m.run(program)).title, null);
    });
    await withMachine(base, async (m) => assertEquals((await m.run(program)).title, null));
  });
}

/** What CPUs keep counts: objects of two cgroups, one below the other, on two CPUs, some freed on the other. */
const TWO_LEVELS = `
  boot a = mkdir(root)
  boot b = mkdir(a)
  boot ha = css_hold(a)
  boot hb = css_hold(b)
  boot x = kmalloc_remote(ha, 4096)
  cpu0 y = kmalloc_remote(hb, 64)
  cpu0 kfree(x)
  cpu1 z = kmalloc_remote(ha, 6144)
  cpu1 kmalloc_remote(hb, 8192)
  cpu1 kfree(y)
  cpu0 kfree(z)
`;

/** Batches that are full: more than 32 pages. */
const MUCH = "cpu0 kmalloc(65536)\n".repeat(5);

/** Kernels, and what mends B27 there: taking everything down removes cgroups. */
const SILENT = [
  ["v5.10+memcg_vmstats", "b27-reparent-local-statistics-v5.9"],
  ["v6.1+memcg_state_local", "b27-reparent-local-statistics"],
  ["v7.1+memcg_state_local", "b27-reparent-local-statistics"],
];
for (const [kernel, mend] of SILENT) {
  for (const everyStep of [false, true]) {
    const when = everyStep ? "at every point" : "at the end";
    Deno.test(`vmstats is silent about ${kernel} ${when}, whoever goes first`, async () => {
      const options = { ...BATCHED, kernel, patches: [fix(mend)], everyStep };
      await withMachine(options, async (m) => {
        for (let gap = 1; gap < 120; gap += 7) {
          const schedule = `schedule: numeric\norder cpu0 cpu1\n+${gap} switch cpu1`;
          assertEquals((await m.run(`${TWO_LEVELS}\n${schedule}`)).title, null, `${gap}`);
        }
        assertEquals((await m.run(INSIDE + MUCH)).title, null);
      });
    });
  }
}

/** A CPU goes down, and the one that takes it down keeps 72 bytes of a cgroup: B10. */
const DOWN = `${INSIDE}cpu0 x = kmalloc(64)\ncpu0 cpu_down(cpu1)`;
/** An object outlives its cgroup: B27. */
const OUTLIVES = `
  ${INSIDE}
  boot x = kmalloc(64)
  boot drain_all_stock(root)
  boot attach(cpu0, root)
  cpu0 rmdir(a)
  cpu0 synchronize_rcu()
  cpu0 kfree(x)
  cpu0 drain_all_stock(root)
`;

/** Bug, kernel, program, what it is reported as, what mends it. */
const BUGS: [string, MachineOptions, string, string, string][] = [
  ["b10", BATCHED, DOWN, SUM, "a3d4c05a4474-flush-of-the-dead-cpu"],
  ["b27", BATCHED, OUTLIVES, LOCAL, "b27-reparent-local-statistics-v5.9"],
  ["b27-rstat", RSTAT, OUTLIVES, LOCAL, "b27-reparent-local-statistics"],
];
for (const [bug, base, program, title, mend] of BUGS) {
  Deno.test(`vmstats catches ${bug}, and is silent if it is mended`, async () => {
    await withMachine(base, async (m) => {
      const r = await m.run(program);
      assertEquals(r.title, title);
      assertGolden(`vmstats/${bug}`, r.report);
    });
    await withMachine({ ...base, patches: [fix(mend)] }, async (m) => {
      assertEquals((await m.run(program)).title, null);
    });
  });
}

Deno.test("the statistics of a cgroup cost a kernel without them nothing: it does not have them", async () => {
  for (const kernel of ["v5.10", "v6.1"]) {
    await withMachine({ ...BATCHED, kernel }, async (m) => {
      assertEquals((await m.run(OUTLIVES)).title, null);
    });
  }
});
