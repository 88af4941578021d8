import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";

const TARGET = file("test/sanitizers/planted/races.ts");
const m = await makeMachine({ cpus: 2, target: TARGET, kcsan: "strict", stacks: true });
const race = (f: string, g: string) => `KCSAN: data-race in race_${f} / race_${g}`;

/** Programs, and the race that each has under every schedule. */
const PLANTS: Record<string, string> = {
  "cpu0 write()\ncpu1 read()": race("read", "write"),
  "cpu0 write()\ncpu1 write()": race("write", "write"),
  "cpu0 write()\ncpu1 read_marked()": race("read_marked", "write"),
  "cpu0 locked_a()\ncpu1 locked_b()": race("locked_a", "locked_b"),
  "cpu0 rw_write_as_reader()\ncpu1 rw_write_as_reader()": race(
    "rw_write_as_reader",
    "rw_write_as_reader",
  ),
  "cpu0 irqs_off()\ncpu1 irqs_off()": race("irqs_off", "irqs_off"),
};
for (const [body, title] of Object.entries(PLANTS)) {
  Deno.test(`kcsan catches ${body.replace("\n", ", ")} under any schedule`, () => {
    for (const preempt of ["none", "full", "rt"] as const) {
      for (const gap of [1, 2, 3, 5, 8]) {
        const p = `${body}\nschedule: numeric\norder cpu0 cpu1\n+${gap} switch cpu1`;
        assertEquals(m.run(p, { preempt }).title, title);
        assertEquals(m.run(p, { preempt, trace: false }).title, title, "in the fuzz loop as well");
      }
    }
  });
}

/** Races that need a handler or the second CPU at a certain point. */
const PLACED: Record<string, string> = {
  "cpu0 locked_a()\ncpu0 hardirq write()\nschedule:\ncpu0 until race_locked_a: store x\ncpu0 interrupt":
    race("locked_a", "write"),
  "cpu0 locked_bh()\ncpu0 hardirq write()\nschedule:\ncpu0 until race_locked_bh: store x\ncpu0 interrupt":
    race("locked_bh", "write"),
  "cpu0 irqs_off()\ncpu0 nmi write()\nschedule:\ncpu0 until race_irqs_off: store x\ncpu0 interrupt":
    race("irqs_off", "write"),
  "cpu0 produce_once()\ncpu1 consume_once()\nschedule:\ncpu0 until end\ncpu1 until end": race(
    "consume_once",
    "produce_once",
  ),
  "cpu0 produce_once()\ncpu1 consume_rmb()\nschedule:\ncpu0 until end\ncpu1 until end": race(
    "consume_rmb",
    "produce_once",
  ),
  "cpu0 produce_wmb()\ncpu1 consume_once()\nschedule:\ncpu0 until end\ncpu1 until end": race(
    "consume_once",
    "produce_wmb",
  ),
  "cpu0 publish_once()\ncpu1 look()\nschedule:\ncpu0 until end\ncpu1 until end": race(
    "look",
    "publish_once",
  ),
  "boot publish()\ncpu0 look()\ncpu1 change_in_place()": race("change_in_place", "look"),
};
for (const [body, title] of Object.entries(PLACED)) {
  Deno.test(`kcsan catches ${body.split("\nschedule")[0].replaceAll("\n", ", ")}`, () => {
    const r = m.run(body);
    assertEquals(r.title, title);
    assertEquals(r.unreached, 0);
    assertEquals(m.run(body).report, r.report);
    assertEquals(m.run(body, { trace: false }).title, title, "in the fuzz loop as well");
  });
}

Deno.test("kcsan names a function of the handler, not the interrupted one", () => {
  const steps = "cpu0 until race_going_on: store x\ncpu0 softirq";
  const r = m.run(`cpu0 late()\nschedule:\n${steps}`);
  assertEquals([r.title, r.unreached], ["KCSAN: data-race in race_going_on / race_helper", 0]);
});

/** Programs without a race: each is ordered by another kind of edge. */
const CORRECT: readonly string[] = [
  "cpu0 read()\ncpu1 read()",
  "cpu0 write()\ncpu1 read_on_purpose()",
  "cpu0 locked_a()\ncpu1 locked_a()",
  "cpu0 locked_irq()\ncpu1 locked_irq()\ncpu0 hardirq locked_irq()",
  "cpu0 locked_bh()\ncpu1 locked_bh()\ncpu0 softirq locked_bh()",
  "cpu0 irqs_off()\ncpu0 read()\ncpu0 irqs_off()",
  "cpu0 irqs_off()\ncpu0 hardirq irqs_off()\ncpu0 irqs_off()\ncpu0 softirq irqs_off()",
  "cpu0 rw_read()\ncpu1 rw_write()\ncpu1 rw_read()\ncpu0 rw_write()",
  "cpu0 produce_release()\ncpu1 consume_acquire()",
  "cpu0 produce_wmb()\ncpu1 consume_rmb()",
  "cpu0 produce_xchg()\ncpu1 consume_acquire()",
  "cpu0 publish()\ncpu1 look()\ncpu1 look()",
  "boot publish()\ncpu0 replace_call_rcu()\ncpu1 look()\ncpu1 look()",
  "boot publish()\ncpu0 replace_synchronize()\ncpu1 look()\ncpu1 look()",
  "boot get_two()\ncpu0 put()\ncpu1 put()",
  "cpu0 queue(1)",
  "boot write()\ncpu0 read()\ncpu1 read()",
];
Deno.test("kcsan is silent about correct code, in strict mode, under any preemption model", () => {
  for (const body of CORRECT) {
    for (const preempt of ["none", "full", "rt"] as const) {
      for (let gap = 1; gap < 30; gap++) {
        const events = body.includes("irq ")
          ? [`+${gap} interrupt`, "+3 switch cpu1", "+5 switch cpu0", "+1 interrupt"]
          : [`+${gap} switch cpu1`, `+${1 + gap % 7} switch cpu0`, "+4 softirq"];
        const schedule = ["schedule: numeric", "order cpu0 cpu1", ...events];
        const r = m.run([body, ...schedule].join("\n"), { preempt, trace: gap % 5 === 0 });
        assertEquals([r.title, r.text], [null, ""], `${body} ${preempt} +${gap}`);
      }
    }
  }
});

Deno.test("kcsan reports in the kernel's form", () => {
  assertGolden("kcsan/report", m.run("cpu0 write()\ncpu1 read()").report);
  assertGolden(
    "kcsan/irq",
    m.run(
      "cpu0 irqs_off()\ncpu0 nmi flip()\nschedule:\ncpu0 until race_irqs_off: store x\ncpu0 interrupt",
    ).report,
  );
});

Deno.test("kcsan's modes are those of the kernel", async () => {
  const expected: Record<string, [string | null, string | null, string | null]> = {
    "cpu0 write()\ncpu1 read()": [
      race("read", "write"),
      race("read", "write"),
      race("read", "write"),
    ],
    "cpu0 same()\ncpu1 read()": [race("read", "same"), null, null],
    "cpu0 write()\ncpu1 write()": [race("write", "write"), null, null],
    "cpu0 write()\ncpu1 read_marked()": [race("read_marked", "write"), null, null],
    // One bit changes that is not the lowest: the value is a set of flags.
    "cpu0 flip()\ncpu1 read()": [race("flip", "read"), race("flip", "read"), null],
  };
  const modes = ["strict", "value-change", "permissive"] as const;
  for (const [i, kcsan] of modes.entries()) {
    await withMachine({ cpus: 2, target: TARGET, kcsan }, async (r) => {
      for (const [body, titles] of Object.entries(expected)) {
        assertEquals((await r.run(body)).title, titles[i], `${body} ${kcsan}`);
      }
    });
  }
});

Deno.test("without kcsan a race is not reported", async () => {
  await withMachine({ cpus: 2, target: TARGET }, async (r) => {
    for (const body of Object.keys(PLANTS)) assertEquals((await r.run(body)).title, null);
  });
});

Deno.test("a known race hides neither the next one nor an expected one", async () => {
  const { attempt, titleOf } = await import("../../src/engine/inputs/input.ts");
  const { NUMERIC, ONCE } = await import("../../src/machine/executor.ts");
  const { executor } = m;
  const p = m.parse("cpu0 locked_b()\ncpu0 publish_once()\ncpu1 read()\ncpu1 look()");
  const first = attempt(executor, p, m.spec)!;
  assertEquals(first, race("locked_b", "read"));
  executor.expect(null); // as the fuzz loop does
  executor.ignore(first);
  executor.execute(NUMERIC, ONCE);
  const second = titleOf(executor)!;
  assertEquals(second, race("look", "publish_once"));
  assertEquals(m.run(p).title, first, "from its input alone");
  assertEquals(m.run({ ...p, title: second }).title, second, "if its title says so");
});
