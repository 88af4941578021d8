import { assertEquals, assertStringIncludes } from "@std/assert";
import { file, type MachineOptions, OBJCG } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";

/** page_counter would report a counter below zero first. */
const WITHOUT = ["page_counter"];
const BASE: MachineOptions = {
  cpus: 1,
  kernel: "v5.9",
  target: OBJCG,
  stacks: true,
  without: WITHOUT,
};
const planted = (name: string) => file(`test/sanitizers/planted/conservation/${name}.ts`);
const USE = `
  boot a = mkdir(root)
  boot attach(cpu0, a)
  cpu0 x = kmalloc(64)
  cpu0 kfree(x)
  cpu0 drain_all_stock(a)
`;

const FILL = `
  boot a = mkdir(root)
  boot attach(cpu0, a)
  boot x = kmalloc(4088)
  cpu0 y = kmalloc(64)
  cpu0 kfree(x)
`;

/** Patch, title, and the title without the conservation laws. */
const PLANTS: [string, string, string | null, string?][] = [
  ["lose_byte", "objcg byte conservation violated", "WARNING in obj_cgroup_release"],
  ["lose_pages", "page counter leaked a charge", null],
  ["uncharge_twice", "page counter negative at quiescence", null],
  ["overfull", "objcg stock holds more than it may", null, FILL],
];
for (const [patch, title, otherwise, program = USE] of PLANTS) {
  Deno.test(`conservation catches ${patch}`, async () => {
    await withMachine({ ...BASE, patches: [planted(patch)] }, async (m) => {
      const r = await m.run(program);
      assertEquals(r.title, title);
      assertGolden(`conservation/${patch}`, r.report);
    });
  });

  Deno.test(`without conservation ${patch} is reported as ${otherwise ?? "nothing"}`, async () => {
    const options = { ...BASE, patches: [planted(patch)], without: ["conservation", ...WITHOUT] };
    await withMachine(options, async (m) => {
      assertEquals((await m.run(program)).title, otherwise);
    });
  });
}

/** What is planted in kernels with memsw, and the program that shows it. */
const MEMSW: [string, string, string, string][] = [
  [
    "memsw_stays",
    "v7.1+memsw",
    "page counter leaked a charge",
    `boot a = mkdir(root)
     boot h = css_hold(a)
     boot x = alloc_pages_remote(h, 0)
     cpu0 free_pages(x)
     cpu0 drain_all_stock(a)`,
  ],
  [
    "memsw_rolled_back_twice",
    "v7.1+memsw+page_counter_stock",
    "page counter lost a charge",
    `boot a = mkdir(root)
     boot h = css_hold(a)
     boot set_max(a, 1)
     boot alloc_pages_remote(h, 0)
     cpu0 alloc_pages_remote(h, 0, GFP_NOWAIT)`,
  ],
];
for (const [patch, kernel, title, program] of MEMSW) {
  Deno.test(`conservation catches ${patch}`, async () => {
    const options = { ...BASE, without: [], kernel };
    await withMachine({ ...options, patches: [planted(patch)] }, async (m) => {
      const r = await m.run(program);
      assertEquals([r.title, r.oracle], [title, "conservation"]);
      assertGolden(`conservation/${patch}`, r.report);
    });
    await withMachine(options, async (m) => assertEquals((await m.run(program)).title, null));
  });
}

/** Kernels of the series that break a law, by a program that shows it; with the patch they do not. */
const KERNELS: [string, string, string, string, string][] = [
  [
    "bypass",
    "v5.10-becaba65f62f",
    "v5.10",
    "unaccounted allocation over the limit",
    `boot a = mkdir(root)\nboot attach(cpu0, a)\nboot set_max(a, 0)\ncpu0 x = kmalloc(64)`,
  ],
  [
    "statistics",
    "v5.14-7fa0dacbaf12",
    "v5.14",
    "slab statistics of a node do not add up",
    `boot a = mkdir(root)
     boot attach(cpu0, a)
     cpu0 x = kmalloc_node(64, 0, 0)
     cpu0 y = kmalloc_node(64, 1, 1)`,
  ],
  [
    "parked",
    "v6.16",
    "v6.15",
    "pages are parked that no stock takes",
    `boot a = mkdir(root)
     boot o = obj_cgroup_get_remote(a)
     boot obj_cgroup_charge(o, 64)
     cpu0 obj_cgroup_charge(o, 64)
     cpu0 hardirq obj_cgroup_charge(o, 1)
     cpu0 hardirq obj_cgroup_charge(o, 1)
     schedule:
     cpu0 until consume_obj_stock: READ_ONCE cached_objcg
     cpu0 interrupt
     cpu0 interrupt`,
  ],
];
for (const [name, kernel, fixed, title, program] of KERNELS) {
  Deno.test(`conservation catches ${name} in ${kernel}, and is silent about ${fixed}`, async () => {
    await withMachine({ ...BASE, without: [], kernel }, async (m) => {
      const r = await m.run(program);
      assertEquals([r.title, r.oracle], [title, "conservation"]);
      assertGolden(`conservation/${name}`, r.report);
    });
    await withMachine({ ...BASE, without: [], kernel: fixed }, async (m) => {
      // With rt, v5.14 has B7.
      for (const preempt of ["none", "full"] as const) {
        assertEquals((await m.run(program, { preempt })).title, null, preempt);
      }
    });
    const off = { ...BASE, kernel, without: ["conservation", ...WITHOUT] };
    await withMachine(off, async (m) => assertEquals((await m.run(program)).title, null));
  });
}

Deno.test("conservation accepts an object whose charge was forced and whose vector is missing", async () => {
  await withMachine({ ...BASE, kernel: "v5.10", without: [] }, async (m) => {
    const r = await m.run(`
      boot a = mkdir(root)
      boot attach(cpu0, a)
      boot set_max(a, 0)
      cpu0 x = signal(cpu0) {fail 2}
    `);
    assertEquals([r.title, r.text], [null, ""]);
  });
});

Deno.test("conservation accepts a stock of more than a page since v5.14, and not before", async () => {
  const program = `
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    cpu0 obj_cgroup_charge(o, 1)
    cpu0 obj_cgroup_charge(o, 4096)
  `;
  for (const kernel of ["v5.13", "v5.14"]) {
    await withMachine({ ...BASE, kernel, without: [], everyStep: true }, async (m) => {
      assertEquals((await m.run(program)).title, null, kernel);
    });
  }
});

Deno.test("page_counter catches uncharge_twice where it happens, before conservation judges", async () => {
  const options = { ...BASE, without: [], patches: [planted("uncharge_twice")] };
  await withMachine(options, async (m) => {
    const r = await m.run(USE);
    assertEquals([r.title, r.oracle], ["WARNING in page_counter_cancel", "page_counter"]);
  });
});

Deno.test("conservation and kmemleak are silent about v5.9 without a patch, under any preemption model", async () => {
  await withMachine(BASE, async (m) => {
    for (const preempt of ["none", "full", "rt"] as const) {
      for (const program of [USE, FILL]) {
        const r = await m.run(program, { preempt });
        assertEquals([r.title, r.text], [null, ""], preempt);
      }
    }
  });
});

Deno.test("conservation judges every point with everyStep, and only the end without it", async () => {
  const options = { ...BASE, patches: [planted("owe_bytes")] };
  const late = `
    boot a = mkdir(root)
    boot attach(cpu0, a)
    cpu0 x = kmalloc(64)
    cpu0 y = kmalloc(64)
    cpu0 kfree(x)
    cpu0 synchronize_rcu()
    cpu0 kfree(y)
  `;
  await withMachine(options, async (m) => assertEquals((await m.run(late)).title, null));
  await withMachine({ ...options, everyStep: true }, async (m) => {
    const r = await m.run(late);
    assertEquals(r.title, "objcg byte conservation violated");
    assertGolden("conservation/every_step", r.report);
  });
  await withMachine({ ...BASE, everyStep: true }, async (m) => {
    const r = await m.run(late);
    assertEquals([r.title, r.text], [null, ""]);
  });
});

Deno.test("conservation sees an objcg that is released while a stock holds its bytes", async () => {
  // ownership would say first that the stock is marked as drained.
  const options = {
    ...BASE,
    patches: [planted("keep_stock")],
    everyStep: true,
    without: ["ownership"],
  };
  await withMachine(options, async (m) => {
    const r = await m.run(`
      boot a = mkdir(root)
      boot o = obj_cgroup_get_remote(a)
      boot set_max(a, 1)
      boot obj_cgroup_charge(o, 64)
      cpu0 obj_cgroup_put(o)
      cpu0 rmdir(a)
      cpu0 drain_all_stock(root)
      cpu0 synchronize_rcu()
    `);
    assertEquals(r.title, "objcg byte conservation violated");
    assertStringIncludes(r.text, "was released with 4096 bytes charged or stocked");
  });
});

Deno.test("conservation adds pages up along the counters, which need not follow the cgroups", async () => {
  const flat = `
    boot mount_cgroup1()
    boot a = mkdir(root)
    boot b = mkdir(a)
    boot o = obj_cgroup_get_remote(b)
    cpu0 obj_cgroup_charge(o, 64)
  `;
  const base = { ...BASE, kernel: "v5.10", without: [] };
  await withMachine(base, async (m) => assertEquals((await m.run(flat)).title, null));
  await withMachine({ ...base, patches: [planted("lose_pages")] }, async (m) => {
    const r = await m.run(`${flat}\ncpu0 drain_all_stock(b)`);
    assertEquals([r.title, r.oracle], ["page counter leaked a charge", "conservation"]);
    assertStringIncludes(r.report, "mem_cgroup#2");
  });
});

Deno.test("on the default hierarchy pages add up along the cgroups, whatever their counters say", async () => {
  const nested = `
    boot a = mkdir(root)
    boot b = mkdir(a)
    boot o = obj_cgroup_get_remote(b)
    cpu0 obj_cgroup_charge(o, 64)
  `;
  const base = { ...BASE, kernel: "v5.13" };
  await withMachine(base, async (m) => assertEquals((await m.run(nested)).title, null));
  await withMachine({ ...base, patches: [planted("no_parent")] }, async (m) => {
    const r = await m.run(nested);
    assertEquals(r.title, "page counter lost a charge");
    assertGolden("conservation/no_parent", r.report);
  });
});
