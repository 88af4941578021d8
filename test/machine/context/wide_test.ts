/** A machine with more CPUs than a kernel may have. */
import { assertEquals, assertRejects } from "@std/assert";
import { makeMachine, OBJCG } from "../harness.ts";
import { withMachine } from "../remote.ts";
import { NR_CPUS } from "../../../src/machine/layout/sizes.ts";
import { LIMITS } from "../../../src/prog/types.ts";

const CPUS = 101;
const m = await makeMachine({ cpus: CPUS, fibersOnly: true });
const others = Array.from({ length: CPUS - 1 }, (_, i) => i + 1);

/** CPU 0 starts all others and waits for them; each does `op`. */
function forked(op: string): string {
  return [
    ...others.map((c) => `cpu0 start(cpu${c})`),
    `cpu0 join(cpu${CPUS - 1})`,
    ...others.map((c) => `cpu${c} ${op}`),
  ].join("\n");
}

Deno.test("101 CPUs are started, and each runs", () => {
  const r = m.run(forked("inc()"));
  assertEquals(r.title, null);
  assertEquals(new Set(r.returns.slice(-others.length)), new Set(others.map((c) => c - 1)));
});

Deno.test("101 CPUs can all stand between the load and the store of the same word", () => {
  const stops = others.map((c) => `cpu${c} until lab_inc: WRITE_ONCE`).join("\n");
  const start = `schedule:\ncpu0 until lab_join\n`;
  const r = m.run(`${forked("inc()")}\n${start}${stops}`);
  assertEquals([r.unreached, r.title], [0, null]);
  assertEquals(r.returns.slice(-others.length), others.map(() => 0));
  assertEquals(m.run(m.recorded(m.parse(forked("inc()")))).hash, r.hash);
});

Deno.test("while a CPU spins, all others get their turns, whatever their numbers", () => {
  // Numbers that differ by 32 have the same bit of a word.
  for (const [spinner, other] of [[1, 33], [33, 1], [97, 65]]) {
    const r = m.run(`
      cpu0 start(cpu${spinner})
      cpu0 start(cpu${other})
      cpu${spinner} forever()
      cpu${other} inc()
      schedule:
      cpu0 until end
      cpu${spinner} until end
    `);
    assertEquals([r.cpu, r.returns[3]], [spinner, 0], r.text);
  }
});

Deno.test("on more CPUs than a kernel may have, no grace period passes", () => {
  const r = m.run("cpu0 defer(0)");
  assertEquals([r.title === null, r.oracle], [false, "harness"]);
  assertEquals(r.text, `grace periods pass on at most ${NR_CPUS} CPUs`);
  assertEquals(m.run("cpu0 defer(0)\ncpu0 done()", { cpus: NR_CPUS }).title, null);
});

Deno.test("a file has at most as many CPUs as a machine", () => {
  assertEquals(m.parse("cpu0 inc()", { cpus: LIMITS.cpus }).cpus, LIMITS.cpus);
});

Deno.test("a kernel cannot have as many CPUs", async () => {
  const opened = withMachine({ cpus: CPUS, target: OBJCG }, () => Promise.resolve());
  await assertRejects(
    () => opened,
    Error,
    `Cannot run target "objcg" on ${CPUS} CPUs: it may have ${NR_CPUS}`,
  );
});
