import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  target: file("test/conformance/refcount_target.ts"),
  without: ["refcount"],
});

Deno.test("a saturated count stays saturated after every operation, and frees nothing", () => {
  for (const wrong of ["set(0)\ncpu0 inc()", "set(0)\ncpu0 dec()", "set(2147483647)\ncpu0 inc()"]) {
    const r = m.run(`
      cpu0 ${wrong}
      cpu0 inc()
      cpu0 inc_not_zero()
      cpu0 dec_and_test()
      cpu0 dec()
      cpu0 saturated()
    `);
    assertEquals([r.title, ...r.returns.slice(2)], [null, 0, 1, 0, 0, 1]);
  }
});

Deno.test("before the count is saturated, another CPU can see the wrong value, and repairs it", () => {
  const r = m.run(`
    boot set(2147483647)
    cpu0 inc()
    cpu1 inc()
    cpu1 saturated()
    schedule:
    cpu0 until refcount_warn_saturate
    cpu1 until end
    cpu0 until end
  `);
  assertEquals([r.title, r.unreached, r.returns[3]], [null, 0, 1]);
});

Deno.test("if two CPUs drop the last two references, exactly one sees zero", () => {
  for (let gap = 1; gap < 6; gap++) {
    const r = m.run(`
      boot set(2)
      cpu0 dec_and_lock()
      cpu1 dec_and_lock()
      schedule: numeric
      order cpu0 cpu1
      +${gap} switch cpu1
    `);
    assertEquals([r.title, r.returns[1] + r.returns[2]], [null, 1]);
  }
});
