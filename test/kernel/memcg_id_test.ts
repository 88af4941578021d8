import { assertEquals } from "@std/assert";
import { file, type MachineOptions } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";

const OPTIONS: MachineOptions = {
  cpus: 2,
  kernel: "v5.9",
  target: file("test/kernel/probe_target.ts"),
};

/** What the operations return; nothing may be found. */
async function returns(body: string, options = OPTIONS): Promise<readonly number[]> {
  let found: readonly number[] = [];
  await withMachine(options, async (m) => {
    const r = await m.run(body);
    assertEquals([r.title, r.text], [null, ""]);
    found = r.returns;
  });
  return found;
}

Deno.test("a memcg has an id until it is offline, and the next one gets it", async () => {
  const r = await returns(`
    cpu0 a = mkdir(root)
    cpu0 b = mkdir(root)
    cpu0 h = css_hold(a)
    cpu0 id(a)
    cpu0 id(b)
    cpu0 rmdir(a)
    cpu0 id(a)
    cpu0 c = mkdir(root)
    cpu0 id(c)
  `);
  assertEquals([r[3], r[4], r[6], r[8]], [2, 3, 0, 2]);
});

Deno.test("what was swapped out keeps the id, and the id the css, until the record is freed", async () => {
  const r = await returns(`
    cpu0 a = mkdir(root)
    cpu0 h = css_hold(a)
    cpu0 s = swap_out(h)
    cpu0 css_drop(h)
    cpu0 rmdir(a)
    cpu0 id(a)
    cpu0 record(s)
    cpu0 b = mkdir(root)
    cpu0 id(b)
    cpu0 swap_free(s)
    cpu0 c = mkdir(root)
    cpu0 id(c)
  `);
  assertEquals([r[5], r[6], r[8], r[11]], [2, 2, 3, 2]);
});

Deno.test("what is swapped out of an offline memcg is recorded for its nearest online ancestor", async () => {
  const r = await returns(`
    cpu0 a = mkdir(root)
    cpu0 b = mkdir(a)
    cpu0 h = css_hold(b)
    cpu0 rmdir(b)
    cpu0 s = swap_out(h)
    cpu0 record(s)
    cpu0 id(a)
  `);
  assertEquals([r[5], r[6]], [2, 2]);
});

/** As many cgroups as there are ids, and one more, with and without one of them removed before. */
const MANY = Array.from({ length: 14 }, (_, i) => `boot m${i} = mkdir(root)`).join("\n");
for (const [kernel, error] of [["posted", -12], ["v5.9", -28]] as const) {
  Deno.test(`mkdir returns ${error} in ${kernel} when all ids are given out`, async () => {
    const options = { ...OPTIONS, kernel };
    assertEquals((await returns(`${MANY}\ncpu0 mkdir(root)`, options)).at(-1), error);
    const removed = `${MANY}\ncpu0 rmdir(m3)\ncpu0 x = mkdir(root)\ncpu0 id(x)`;
    assertEquals((await returns(removed, options)).at(-1), 5);
  });
}

Deno.test("small jobs that come and go do not use ids up (73f576c04b94)", async () => {
  const jobs = Array.from({ length: 12 }, (_, i) =>
    `boot a${i} = mkdir(root)
     boot o${i} = obj_cgroup_get_remote(a${i})
     boot obj_cgroup_charge(o${i}, 64)
     boot rmdir(a${i})`);
  const r = await returns(`${jobs.join("\n")}\ncpu0 x = mkdir(root)\ncpu0 id(x)`);
  assertEquals(r.at(-1), 2);
});

Deno.test("a mkdir that fails in css_alloc or css_online gives its id back", async () => {
  for (const k of [1, 2, 3, 4, 5, 8]) {
    const r = await returns(`cpu0 mkdir(root) {fail ${k}}\ncpu0 a = mkdir(root)\ncpu0 id(a)`);
    assertEquals([r[0], r[2]], [-12, 2]);
  }
});
