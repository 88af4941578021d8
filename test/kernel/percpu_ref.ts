/** Tests of percpu_ref, for kernels that keep its count in it and for those that keep it in data. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Machine } from "../machine/harness.ts";
import { RUNS } from "../properties/runs.ts";

/** Pairs of get and put, each on any CPU, and a kill at any time, under any schedule. */
const BALANCED = fc.record({
  pairs: fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { maxLength: 6 }),
  kill: fc.nat(2),
  events: fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.nat(3)), { maxLength: 8 }),
});

/** Test percpu_ref on a machine with the target percpu_ref_target.ts; `freed` is what a ref
 * has, and `late` what is reported of a use after percpu_ref_exit(). */
export function testPercpuRef(m: Machine, freed: readonly string[], late: string): void {
  const last = (body: string) => {
    const r = m.run(`boot t = make()\n${body}`);
    assertEquals([r.title, r.unreached], [null, 0]);
    return r.returns.at(-1);
  };

  Deno.test("a reference taken on one CPU can be put on another", () => {
    const r = m.run(`
    boot t = make()
    cpu0 get(t)
    cpu1 put(t)
    cpu0 is_zero(t)
    schedule:
    cpu0 until percpu_ref_is_zero
    cpu1 until end
    cpu0 until end
  `);
    assertEquals([r.title, r.returns[3]], [null, 0]);
    const counters = r.trace.filter((p) => p.what === "this_cpu_add");
    assertEquals(counters.map((p) => [p.field, p.value]), [["c[0]", "1"], ["c[1]", "-1"]]);
  });

  Deno.test("a killed ref is released when its grace period is over and nobody holds a reference", () => {
    assertEquals(last(`cpu0 kill(t)\ncpu0 released(t)`), 1);
    assertEquals(last(`cpu0 get(t)\ncpu0 kill(t)\ncpu0 released(t)`), 0);
    assertEquals(last(`cpu0 get(t)\ncpu0 kill(t)\ncpu0 put(t)\ncpu0 released(t)`), 1);
  });

  Deno.test("a ref that was not killed is not released, even if its count is zero", () => {
    assertEquals(last(`cpu0 put(t)\ncpu0 released(t)`), 0);
  });

  Deno.test("kill without outstanding references waits for readers before it releases", () => {
    assertEquals(
      last(`
      cpu1 reader(t)
      cpu0 kill(t)
      cpu0 released(t)
      schedule:
      cpu1 until thing_reader: atomic_read
      cpu0 until end
      cpu1 until end
    `),
      0,
    );
  });

  Deno.test("confirm_kill is called after the grace period, once, before the release", () => {
    const during = last(`
    cpu1 reader(t)
    cpu0 kill_confirm(t)
    cpu0 confirmed(t)
    schedule:
    cpu1 until thing_reader: atomic_read
    cpu0 until end
    cpu1 until end
  `);
    assertEquals(during, 0);
    assertEquals(last(`cpu0 kill_confirm(t)\ncpu0 confirmed(t)`), 1);
    const r = m.run(`boot t = make()\ncpu0 kill_confirm(t)`);
    const order = r.trace.map((p) => p.stack.at(-1)).filter((f) => /^thing_/.test(f!));
    assertEquals(order, ["thing_confirm", "thing_release"]);
    assertEquals(r.trace.find((p) => p.stack.at(-1) === "thing_confirm")?.context, "softirq");
  });

  Deno.test("tryget succeeds until the count is zero, tryget_live only until the kill", () => {
    const r = m.run(`
    boot t = make()
    cpu0 tryget(t)
    cpu0 tryget_live(t)
    cpu0 kill(t)
    cpu0 tryget(t)
    cpu0 tryget_live(t)
    cpu0 put(t)
    cpu0 put(t)
    cpu0 put(t)
    cpu0 released(t)
    cpu0 tryget(t)
    cpu0 tryget_live(t)
    cpu0 is_zero(t)
    cpu0 is_dying(t)
  `);
    assertEquals(r.title, null);
    assertEquals(r.returns.slice(1), [1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1]);
  });

  Deno.test("tryget between the kill and the end of its grace period still succeeds", () => {
    const r = m.run(`
    boot t = make()
    cpu0 kill(t)
    cpu1 reader(t)
    cpu2 tryget(t)
    cpu2 tryget_live(t)
    schedule:
    cpu1 until thing_reader: atomic_read
    cpu0 until end
    cpu2 until end
    cpu1 until end
  `);
    assertEquals([r.title, ...r.returns.slice(3)], [null, 1, 0]);
  });

  Deno.test("percpu_ref_exit() frees what percpu_ref_init() allocated, and a use after it is reported", () => {
    const body = `boot t = make()\ncpu0 kill(t)\ncpu0 exit(t)`;
    const r = m.run(body);
    assertEquals(r.title, null);
    assertEquals(r.trace.filter((p) => p.what === "kfree").map((p) => p.object), [...freed]);
    assertEquals(m.run(`${body}\ncpu0 get(t)`).title, late);
  });

  Deno.test("percpu_ref_init() fails if what it allocates cannot be allocated", () => {
    for (let k = 1; k <= 1 + freed.length; k++) {
      const r = m.run(`boot make() {fail ${k}}`);
      assertEquals([r.title, ...r.returns], [null, -12]);
    }
    assertEquals(m.run(`boot make() {fail 1, 2}`).title, null);
  });

  Deno.test("a second kill warns", () => {
    const r = m.run(`boot t = make()\ncpu0 kill(t)\ncpu0 kill(t)`);
    assertEquals(r.title, "WARNING in do_kill");
    assertEquals(r.text, "percpu_ref_kill() called more than once");
  });

  Deno.test("any balanced use from any CPUs ends in exactly one release", () => {
    fc.assert(
      fc.property(BALANCED, ({ pairs, kill, events }) => {
        const r = m.run(`
        boot t = make()
        ${pairs.map(() => "boot get(t)\nboot get(t)").join("\n")}
        ${pairs.map(([on]) => `cpu${on} get(t)`).join("\n")}
        cpu${kill} kill(t)
        ${pairs.map(([on, off]) => `cpu${off} put(t)\ncpu${on} put(t)\ncpu${on} put(t)`).join("\n")}
        schedule: numeric
        order cpu0 cpu1 cpu2
        ${events.map(([gap, a]) => `+${gap} ${a === 3 ? "demote" : `switch cpu${a}`}`).join("\n")}
      `);
        assertEquals(r.title, null);
        assertEquals(r.trace.filter((p) => p.stack.at(-1) === "thing_release").length, 1);
      }),
      RUNS,
    );
  });
}
