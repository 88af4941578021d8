import { assertEquals } from "@std/assert";
import { file, type MachineOptions, OBJCG } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";

const BASE: MachineOptions = { cpus: 2, kernel: "v5.9", target: OBJCG, stacks: true };
const patched = (name: string) => ({ ...BASE, patches: [file(`test/kernel/patches/${name}.ts`)] });

/** Three pages at most, and then some that must not fail. */
const FULL = (gfp: string) => `
  boot a = mkdir(root)
  boot o = obj_cgroup_get_remote(a)
  boot set_max(a, 3)
  cpu0 obj_cgroup_charge(o, 8192)
  cpu0 obj_cgroup_charge(o, 8192, ${gfp})
`;
const NOFAIL = "GFP_KERNEL|__GFP_NOFAIL";

Deno.test("gfp catches a __GFP_NOFAIL charge that the kmem limit lets fail: B37", async () => {
  const title = "__GFP_NOFAIL charge failed in __memcg_kmem_charge";
  await withMachine(patched("kmem_nofail"), async (m) => {
    const r = await m.run(FULL(NOFAIL));
    assertEquals([r.title, r.oracle, r.text.split("\n")[0]], [
      title,
      "gfp",
      "a charge of 2 returned -12",
    ]);
    assertGolden("gfp/kmem_nofail", r.report);
    assertEquals((await m.run(FULL("GFP_KERNEL"))).returns.slice(3), [0, -12]);
  });
  await withMachine({ ...patched("kmem_nofail"), without: ["gfp"] }, async (m) => {
    assertEquals((await m.run(FULL(NOFAIL))).title, null);
  });
});

Deno.test("gfp is silent about a charge that is forced, and about those that may fail", async () => {
  for (const options of [patched("kmem_forced"), BASE]) {
    await withMachine(options, async (m) => {
      const r = await m.run(FULL(NOFAIL));
      assertEquals([r.title, r.text, r.returns.slice(3)], [null, "", [0, 0]]);
      for (const gfp of ["GFP_KERNEL", "GFP_NOWAIT", "GFP_NOWAIT|__GFP_HIGH"]) {
        assertEquals((await m.run(FULL(gfp))).title, null);
      }
    });
  }
});
