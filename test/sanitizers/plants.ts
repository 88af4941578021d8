/** Shared by the tests of planted bugs. */
import { assertEquals } from "@std/assert";
import { file, type Machine } from "../machine/harness.ts";
import { assertGolden } from "./golden.ts";

/** The target whose operations are the planted bugs. */
export const PLANTED = file("test/sanitizers/planted/target.ts");

const MODELS = ["none", "full", "rt"] as const;

/** Test that an operation is reported as `title`, recorded or not, under any preemption model. */
export function testCaught(m: Machine, op: string, title: string): void {
  Deno.test(`${op}() is caught, under any preemption model`, () => {
    for (const preempt of MODELS) {
      assertEquals(m.run(`cpu0 ${op}()`, { preempt }).title, title);
      assertEquals(m.run(`cpu0 ${op}()`, { preempt, trace: false }).title, title);
    }
  });
}

/** Test that nothing is reported of an operation that two CPUs run, under many schedules. */
export function testSilent(m: Machine, sanitizer: string, op: string): void {
  Deno.test(`${sanitizer} is silent about ${op}(), under any preemption model`, () => {
    for (const preempt of MODELS) {
      for (let gap = 1; gap < 25; gap += 2) {
        const r = m.run(
          `cpu0 ${op}()\ncpu1 ${op}()\nschedule: numeric\norder cpu0 cpu1\n` +
            `+${gap} switch cpu1\n+${gap} switch cpu0`,
          { preempt },
        );
        assertEquals([r.title, r.text], [null, ""]);
      }
    }
  });
}

/**
 * Test that programs are reported as their titles, recorded or not and from their symbolic
 * schedules, and that the report of the first program is that of the golden file.
 */
export function testReported(m: Machine, golden: string, plants: Record<string, string>): void {
  for (const [body, title] of Object.entries(plants)) {
    const ops = body.split("\n").map((l) => l.replace(/^cpu\d /, "")).join(", ");
    Deno.test(`${golden}: ${ops} is caught`, () => {
      assertEquals(m.run(body).title, title);
      assertEquals(m.run(body, { trace: false }).title, title, "in the fuzz loop as well");
      const p = m.parse(body);
      m.run(p);
      assertEquals(m.run(m.recorded(p)).title, title, "and from its symbolic schedule");
    });
  }
  Deno.test(`${golden} is a report in the kernel's form`, () => {
    assertGolden(golden, m.run(Object.keys(plants)[0]).report);
  });
}
