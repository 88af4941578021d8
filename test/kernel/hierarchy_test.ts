/** memory.use_hierarchy: what can be written, and what follows from it. */
import { assertEquals } from "@std/assert";
import { file } from "../machine/harness.ts";
import { type RemoteMachine, withMachine } from "../machine/remote.ts";

const EBUSY = -16;
const EINVAL = -22;
const SKIPPED = -9999;

/** Machines of these kernels, one after the other. */
async function on(kernels: string[], f: (m: RemoteMachine) => Promise<void>): Promise<void> {
  const target = file("test/kernel/probe_target.ts");
  for (const kernel of kernels) await withMachine({ cpus: 2, kernel, target }, f);
}

/** What the last operations return. Nothing may be reported. */
async function last(n: number, m: RemoteMachine, program: string): Promise<number[]> {
  const r = await m.run(program);
  assertEquals([r.title, r.text, r.unreached], [null, "", 0]);
  return r.returns.slice(-n);
}

Deno.test("the controller is mounted on a cgroup1 hierarchy while only the root has it", () =>
  on(["v5.9", "v5.11"], async (m) => {
    assertEquals(await last(2, m, `boot mount_cgroup1()\nboot mount_cgroup1()`), [0, 0]);
    assertEquals(await last(1, m, `boot a = mkdir(root)\nboot mount_cgroup1()`), [EBUSY]);
    const again = `boot mount_cgroup1()\nboot a = mkdir(root)\nboot mount_cgroup1()`;
    assertEquals(await last(1, m, again), [0]);
  }));

Deno.test("on the default hierarchy nobody writes use_hierarchy", () =>
  on(["v5.9", "v5.11"], async (m) => {
    assertEquals(await last(1, m, `cpu0 set_use_hierarchy(root, 0)`), [SKIPPED]);
  }));

Deno.test("use_hierarchy is written where no parent has it and no child is there, until v5.11", () =>
  on(["posted", "v5.9", "v5.10"], async (m) => {
    const V1 = `boot mount_cgroup1()\nboot a = mkdir(root)`;
    const write = (where: string, value: number) => `boot set_use_hierarchy(${where}, ${value})`;
    assertEquals(await last(1, m, `${V1}\n${write("a", 1)}`), [0]);
    assertEquals(await last(1, m, `${V1}\n${write("a", 2)}`), [EINVAL]);
    assertEquals(await last(1, m, `${V1}\n${write("root", 0)}`), [0], "the value that is there");
    assertEquals(await last(1, m, `${V1}\n${write("root", 1)}`), [EBUSY]);
    const below = `boot b = mkdir(a)`;
    assertEquals(
      await last(
        3,
        m,
        [V1, write("a", 1), below, write("b", 0), write("b", 1), write("a", 0)].join("\n"),
      ),
      [EINVAL, 0, EBUSY],
      "a child inherits it",
    );
  }));

Deno.test("a removed child counts as long as it is not released", () =>
  on(["v5.9"], async (m) => {
    const program = (after: string) => `
      boot mount_cgroup1()
      boot a = mkdir(root)
      boot b = mkdir(a)
      boot h = css_hold(b)
      boot rmdir(b)
      ${after}
      cpu0 set_use_hierarchy(a, 1)
    `;
    assertEquals(await last(1, m, program("")), [EBUSY]);
    assertEquals(await last(1, m, program("boot css_drop(h)")), [0]);
  }));

Deno.test("since v5.11 use_hierarchy is 1, and nothing else is taken", () =>
  on(["v5.11", "v7.1"], async (m) => {
    const program =
      `boot mount_cgroup1()\nboot set_use_hierarchy(root, 1)\nboot set_use_hierarchy(root, 0)`;
    assertEquals(await last(2, m, program), [0, EINVAL]);
  }));

/** A child with a charge below A, which is below the root. */
const CHARGE = `
  boot b = mkdir(a)
  boot o = obj_cgroup_get_remote(b)
  boot obj_cgroup_charge(o, 65536)
  boot obj_cgroup_charge(o, 65536)
  boot usage(b)
  boot usage(a)
  boot usage(root)
`;
const PAGES = 32;

for (
  const [kernel, flat] of [
    ["posted", [PAGES, 0, 0]],
    ["v5.9", [PAGES, 0, 0]],
    ["v5.10", [PAGES, 0, PAGES]],
    ["v5.11", [PAGES, PAGES, PAGES]],
  ] as const
) {
  Deno.test(`without use_hierarchy, a child's charge on ${kernel} comes to ${flat.join(", ")}`, () =>
    on([kernel], async (m) => {
      const all = [PAGES, PAGES, PAGES];
      assertEquals(await last(3, m, `boot a = mkdir(root)\n${CHARGE}`), all, "default hierarchy");
      const none = `boot mount_cgroup1()\nboot a = mkdir(root)\n${CHARGE}`;
      // The root underflows when posted and v5.9 take everything down.
      const r = await m.run(none);
      assertEquals(r.returns.slice(-3), [...flat]);
      const root = `boot mount_cgroup1()\nboot set_use_hierarchy(root, 1)\nboot a = mkdir(root)`;
      assertEquals(await last(3, m, `${root}\n${CHARGE}`), all, "hierarchical from the root on");
    }));
}

Deno.test("a child's objcg goes to the root if its cgroup is not hierarchical, or else to that", () =>
  on(["v5.9", "v5.10"], async (m) => {
    const program = (value: number) => `
      boot mount_cgroup1()
      boot a = mkdir(root)
      boot set_use_hierarchy(a, ${value})
      boot b = mkdir(a)
      boot o = obj_cgroup_get_remote(b)
      boot rmdir(b)
      cpu0 owner(o)
      cpu0 number(a)
    `;
    const [to, a] = await last(2, m, program(1));
    assertEquals(to, a);
    assertEquals((await last(2, m, program(0)))[0], 0, "the root");
  }));

Deno.test("whoever drains a cgroup leaves the stocks of others alone if it is not hierarchical", () =>
  on(["v5.10"], async (m) => {
    const pages = (mode: string) => `
      ${mode}
      boot a = mkdir(root)
      boot o = obj_cgroup_get_remote(a)
      cpu0 obj_cgroup_charge(o, 4096)
      cpu0 stock_pages(cpu0)
      cpu0 drain_all_stock(root)
      cpu0 stock_pages(cpu0)
    `;
    const of = async (mode: string) => {
      const [before, , after] = await last(3, m, pages(mode));
      return [before, after];
    };
    assertEquals(await of(""), [31, 0]);
    assertEquals(await of("boot mount_cgroup1()\nboot set_use_hierarchy(root, 1)"), [31, 0]);
    assertEquals(await of("boot mount_cgroup1()"), [31, 31]);
  }));

Deno.test("a child that is made while use_hierarchy is written keeps what it has found", () =>
  on(["v5.10"], async (m) => {
    const r = await m.run(`
      boot mount_cgroup1()
      boot a = mkdir(root)
      boot set_use_hierarchy(a, 1)
      cpu0 set_use_hierarchy(a, 0)
      cpu1 b = mkdir(a)
      cpu1 o = obj_cgroup_get_remote(b)
      cpu1 obj_cgroup_charge(o, 65536)
      cpu1 obj_cgroup_charge(o, 65536)
      cpu1 usage(a)
      schedule:
      cpu0 until mem_cgroup_hierarchy_write: store use_hierarchy
      cpu1 until end
      cpu0 until end
    `);
    assertEquals([r.title, r.text, r.unreached], [null, "", 0]);
    assertEquals([r.returns[3], r.returns.at(-1)], [0, PAGES]);
  }));
