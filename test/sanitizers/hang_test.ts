import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeMachine } from "../machine/harness.ts";
import { assertGolden } from "./golden.ts";
import { PLANTED } from "./plants.ts";

const m = await makeMachine({
  cpus: 3,
  target: PLANTED,
  stepLimit: 8000,
});
const MODELS = ["none", "full", "rt"] as const;
const NO_PROGRESS = "BUG: retry loop without progress in ";

/** The title, which is the same recorded or not, and from the symbolic schedule. */
function title(body: string, preempt: typeof MODELS[number]): string | null {
  const p = m.parse(body, { preempt });
  const fast = m.run(p, { trace: false });
  const first = m.run(p);
  const recorded = m.recorded(p);
  const again = m.run(recorded);
  assertEquals([fast.title, fast.points], [first.title, first.points], "recording changes nothing");
  assertEquals([again.title, again.hash], [first.title, first.hash], "nor does its own schedule");
  return first.title;
}

/** A report without its diagram, which has a few lines for every round of the loop. */
function head(report: string): string {
  const end = report.lastIndexOf("=".repeat(20));
  return report.slice(0, report.indexOf("\n", end) + 1);
}

/** The title, which must be the same under every preemption model. */
function alike(body: string): string | null {
  const titles = new Set(MODELS.map((preempt) => title(body, preempt)));
  assertEquals(titles.size, 1, [...titles].join(", "));
  return [...titles][0];
}

Deno.test("a retry loop that nobody can end is reported long before the step limit", () => {
  assertEquals(alike(`cpu0 hang_ping()`), `${NO_PROGRESS}wait_for_ping`);
  assertEquals(alike(`boot hang_dying()\ncpu1 hang_tryget()`), `${NO_PROGRESS}retry_tryget`);
  const r = m.run(`boot hang_dying()\ncpu0 hang_tryget_live()`);
  assertEquals([r.title, r.oracle], [`${NO_PROGRESS}retry_tryget`, "retry loop"]);
  assertStringIncludes(r.text, "nobody can change what they read");
  assert(r.points < 2000, `${r.points} points`);
  assertGolden("machine/no_progress", head(r.report));
});

Deno.test("several CPUs that wait for something that none of them does are reported as well", () => {
  const ends = [`${NO_PROGRESS}wait_for_ping`, `${NO_PROGRESS}wait_for_pong`];
  assertEquals(alike(`cpu0 hang_ping()\ncpu1 hang_pong()`), ends[0]);
  assert(ends.includes(alike(`cpu0 hang_ping()\ncpu1 hang_ping()\ncpu2 hang_pong()`)!));
  assertEquals(
    alike(`cpu0 hang_ping_with_lock()\ncpu1 hang_trylock()\nschedule:\ncpu0 until wait_for_ping`),
    `${NO_PROGRESS}wait_for_ping`,
  );
});

Deno.test("a loop in which something changes is a soft lockup", () => {
  assertEquals(alike(`cpu0 hang_counting()`), "BUG: soft lockup in do_hang_counting");
});

Deno.test("a loop with interrupts off is a hard lockup, unless the loop enables them in between", () => {
  assertEquals(alike(`cpu0 hang_irqs_off()`), "watchdog: hard LOCKUP in wait_for_ping");
  assertEquals(
    alike(`cpu0 hang_irqs_off_counting()`),
    "watchdog: hard LOCKUP in do_hang_irqs_off_counting",
  );
  assertEquals(alike(`cpu0 hang_irqs_flicker()`), `${NO_PROGRESS}do_hang_irqs_flicker`);
  assertGolden("machine/hard_lockup", head(m.run(`cpu0 hang_irqs_off()`).report));
});

Deno.test("a reader that keeps a grace period from ending is a stall", () => {
  const body = `
    cpu0 hang_reader()
    cpu1 hang_sync_then_ping()
    schedule:
    cpu0 until wait_for_ping
    cpu1 until end
    cpu0 until end
  `;
  assertEquals(alike(body), "INFO: rcu detected stall in wait_for_ping");
  assertGolden("machine/rcu_stall", head(m.run(body).report));
  assertEquals(
    alike(`cpu0 hang_reader_counting()\ncpu1 hang_sync_then_ping()
      schedule:\ncpu0 until do_hang_reader_counting: atomic_add\ncpu1 until end\ncpu0 until end`),
    "INFO: rcu detected stall in do_hang_reader_counting",
  );
  assertEquals(alike(`cpu0 hang_reader()`), `${NO_PROGRESS}wait_for_ping`, "nobody waits for it");
});

Deno.test("with rt, a reader that sleeps on a lock whose owner waits for readers is a stall", () => {
  const body = `
    cpu0 hang_lock_in_reader()
    cpu1 hang_sync_with_lock()
    schedule:
    cpu1 until synchronize_rcu
    cpu0 until end
    cpu1 until end
  `;
  assertEquals(title(body, "rt"), "INFO: rcu detected stall in do_hang_lock_in_reader");
});

/** Programs that end if every CPU gets its turn, whatever the priorities of the schedule are. */
const LEGAL = [
  `cpu0 hang_ping()\ncpu1 hang_set_ping()`,
  `cpu0 hang_first()\ncpu1 hang_second()`,
  `cpu0 hang_second()\ncpu1 hang_first()`,
  `cpu0 hang_ping()\ncpu1 hang_pong()\ncpu2 hang_set_ping()\ncpu2 hang_set_pong()`,
  `cpu0 hang_ping()\ncpu1 hang_ping()\ncpu2 hang_first()\ncpu0 hang_set_pong()`,
  `cpu0 hang_bounded()\ncpu1 hang_bounded()`,
  `cpu0 hang_trylock()\ncpu1 hang_ping_with_lock()\ncpu2 hang_set_ping()`,
  `cpu0 hang_ping()\ncpu0 hardirq hang_set_ping()`,
];
for (const body of LEGAL) {
  Deno.test(`a spin that another CPU ends is no finding: ${body.replaceAll("\n", ", ")}`, () => {
    for (const order of ["cpu0 cpu1 cpu2", "cpu2 cpu1 cpu0", "cpu1 cpu0 cpu2"]) {
      for (const events of ["", "+3 demote", "+2 switch cpu1\n+9 switch cpu0", "+700 demote"]) {
        assertEquals(alike(`${body}\nschedule: numeric\norder ${order}\n${events}`), null);
      }
    }
  });
}

Deno.test("a CPU that spins until its own callback has run is interrupted by a softirq", () => {
  for (const preempt of ["full", "rt"] as const) {
    assertEquals(title(`cpu0 hang_callback()`, preempt), null);
  }
  // Without kernel preemption the grace period waits for the loop itself.
  assertEquals(title(`cpu0 hang_callback()`, "none"), `${NO_PROGRESS}wait_for_ping`);
});
