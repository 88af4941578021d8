import { assertEquals, assertStringIncludes } from "@std/assert";
import { file, type MachineOptions, OBJCG } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";

const BASE: MachineOptions = { cpus: 1, kernel: "v5.9", target: OBJCG, stacks: true };
const planted = (name: string) => file(`test/sanitizers/planted/${name}.ts`);
const USE = `
  boot a = mkdir(root)
  boot attach(cpu0, a)
  cpu0 x = kmalloc(64)
  cpu0 kfree(x)
  cpu0 drain_all_stock(a)
`;

/** Patch, what it is reported as, and what is left of that without the conservation laws. */
const PLANTS: [string, string, string | null][] = [
  ["lose_byte", "objcg byte conservation violated", "WARNING in obj_cgroup_release"],
  ["lose_pages", "page counter leaked a charge", null],
  ["uncharge_twice", "page counter negative at quiescence", null],
];
for (const [patch, title, otherwise] of PLANTS) {
  Deno.test(`conservation catches ${patch}`, async () => {
    await withMachine({ ...BASE, patches: [planted(patch)] }, async (m) => {
      const r = await m.run(USE);
      assertEquals(r.title, title);
      assertGolden(`conservation_${patch}`, r.report);
    });
  });

  Deno.test(`without conservation ${patch} is ${otherwise ?? "not seen"}`, async () => {
    const options = { ...BASE, patches: [planted(patch)], without: ["conservation"] };
    await withMachine(options, async (m) => {
      assertEquals((await m.run(USE)).title, otherwise);
    });
  });
}

Deno.test("conservation and kmemleak are silent about v5.9 without a patch", async () => {
  await withMachine(BASE, async (m) => {
    const r = await m.run(USE);
    assertEquals([r.title, r.text], [null, ""]);
  });
});

Deno.test("kmemleak names the holder of a lost reference, and is all that sees it", async () => {
  const options = { ...BASE, patches: [planted("lose_put")] };
  await withMachine(options, async (m) => {
    const r = await m.run(USE);
    assertEquals(r.title, "memory leak: obj_cgroup that nobody points to");
    assertStringIncludes(r.report, "obj_cgroup#0 was never freed");
    assertGolden("kmemleak_lose_put", r.report);
  });
  await withMachine({ ...options, without: ["kmemleak"] }, async (m) => {
    assertEquals((await m.run(USE)).title, null);
  });
});
