import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { makeDir, removeDir } from "../with_dir.ts";
import { assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { BOOT } from "../../src/prog/types.ts";
import { assertCode, assertReplays, cli, eventsOf, parsed } from "./harness.ts";

const TITLE = "refcount: 0 -> 1 in obj_cgroup_charge";

/** S2 among much that has nothing to do with it. */
const INFLATED = `objcg-fuzz 1
title: S2 with much around it
cpus: 3
expect posted: ${TITLE}

boot  a = mkdir(root)
boot  b = mkdir(root)
boot  c = mkdir(b)
boot  attach(cpu0, a)
boot  attach(cpu2, c)
boot  o = obj_cgroup_get_current(cpu0)
boot  attach(cpu0, root)
boot  set_max(b, 64)
cpu0  x = kmalloc(64)
cpu0  drain_all_stock(b)
cpu0  obj_cgroup_charge(o, 64)
cpu0  kfree(x)
cpu1  drain_all_stock(b)
cpu1  y = kmalloc(92)
cpu1  rmdir(a)
cpu1  kfree(y)
cpu2  z = kmalloc(8184)
cpu2  kfree(z)
cpu2  synchronize_rcu()

schedule:
cpu2 until kmem_cache_free
cpu0 until obj_cgroup_charge
cpu1 until css_killed_work_fn
cpu0 until obj_cgroup_charge: css_get
cpu1 until end
cpu0 until end
cpu2 until end
`;

describe("deno task minimize", () => {
  let dir = "";
  beforeEach(() => void (dir = makeDir()));
  afterEach(() => removeDir(dir));

  it("minimize leaves of an inflated S2 what S2 needs", async () => {
    const [file, out] = [`${dir}/s2.txt`, `${dir}/small.txt`];
    Deno.writeTextFileSync(file, INFLATED);
    await assertReplays(file);
    const ran = await cli("minimize", file, "--out", out, "--json");
    assertCode(ran, 0);
    const [{ title, ops, switches, cpus, file: told }] = eventsOf(ran, "minimized");
    assertEquals([title, told], [TITLE, out]);
    const [p] = await parsed([out]);
    assertEquals([p.cpus, p.ops.filter(({ cpu }) => cpu !== BOOT).length], [cpus, ops]);
    assertLessOrEqual(ops, 2);
    assertLessOrEqual(switches, 4);
    assertEquals(p.expects.map((e) => [e.kernel, e.title]), [["posted", TITLE]]);
    assertEquals((await assertReplays(out)).map((r) => r.title), [TITLE]);
    assertEquals(Deno.readTextFileSync(file), INFLATED, "the input is left alone");
  });

  it("minimize refuses what shows no bug, and writes nothing", async () => {
    const file = `${dir}/benign.txt`;
    const [head] = INFLATED.split("schedule:");
    Deno.writeTextFileSync(
      file,
      head.replace("cpu1  rmdir(a)\n", "") + "schedule:\ncpu0 until end\n",
    );
    const ran = await cli("minimize", file, "--out", `${dir}/small.txt`);
    assertCode(ran, 78);
    assertStringIncludes(ran.err, "it shows no bug on posted");
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), ["benign.txt"]);
  });
});
