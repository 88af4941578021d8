import { assertEquals } from "@std/assert";
import { file, type MachineOptions, OBJCG } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";

const BASE: MachineOptions = { cpus: 2, kernel: "v5.9", target: OBJCG, stacks: true };
const planted = (name: string) => file(`test/sanitizers/planted/memcg_id/${name}.ts`);

/** Patch, program, what it is reported as. */
const PLANTS: [string, string, string][] = [
  ["keep_tag", `cpu0 a = mkdir(root)`, "memcg id is given out twice"],
  ["not_published", `cpu0 a = mkdir(root)`, "memcg id does not find its owner"],
  ["never_free", `boot a = mkdir(root)\ncpu0 rmdir(a)`, "memcg id is lost"],
];
for (const [patch, program, title] of PLANTS) {
  Deno.test(`memcg_id catches ${patch}`, async () => {
    const options = { ...BASE, patches: [planted(patch)] };
    await withMachine(options, async (m) => {
      const r = await m.run(program);
      assertEquals([r.title, r.oracle], [title, "memcg_id"]);
      assertGolden(`memcg_id/${patch}`, r.report);
    });
    await withMachine({ ...options, without: ["memcg_id"] }, async (m) => {
      assertEquals((await m.run(program)).title, null);
    });
  });
}

/** An id comes back without a lock while another is given out: B36. */
const RACE = `
  boot a = mkdir(root)
  boot h = css_hold(a)
  boot s = swap_out(h)
  boot rmdir(a)
  cpu0 swap_free(s)
  cpu1 b = mkdir(root)
`;
const AT_ANY_POINT = Array.from({ length: 40 }, (_, gap) => gap + 1);

async function titles(options: MachineOptions, program: string): Promise<Set<string | null>> {
  const found = new Set<string | null>();
  await withMachine(options, async (m) => {
    for (const gap of AT_ANY_POINT) {
      const schedule = `schedule: numeric\norder cpu0 cpu1\n+${gap} switch cpu1`;
      found.add((await m.run(`${program}\n${schedule}`, { trace: false })).title);
    }
  });
  return found;
}

Deno.test("memcg_id catches the race of B36, whichever update is lost", async () => {
  assertEquals(
    await titles(BASE, RACE),
    new Set([
      null,
      "memcg id is in use, and marked as free",
      "memcg id does not find its owner",
    ]),
  );
  const allocFirst = RACE.replace("cpu0", "cpuX").replace("cpu1", "cpu0").replace("cpuX", "cpu1");
  assertEquals(await titles(BASE, allocFirst), new Set([null, "memcg id is lost"]));
});

Deno.test("memcg_id is silent about B36 with its fix", async () => {
  const fix = file("src/kernel/patches/9972605a2383-mem-cgroup-idr.ts");
  assertEquals(await titles({ ...BASE, patches: [fix] }, RACE), new Set([null]));
});

const FAILED = `cpu0 a = mkdir(root) {fail 6}`;

Deno.test("memcg_id catches an id that a failed css takes with it, and is silent if it does not", async () => {
  await withMachine(BASE, async (m) => {
    const r = await m.run(FAILED);
    assertEquals(r.title, "freed memcg keeps its id");
    assertGolden("memcg_id/h04", r.report);
  });
  const patches = [file("test/kernel/patches/free_id_with_css.ts")];
  await withMachine({ ...BASE, patches }, async (m) => {
    assertEquals((await m.run(FAILED)).title, null);
  });
});
