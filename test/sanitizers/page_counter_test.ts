import { assertEquals } from "@std/assert";
import { file, type MachineOptions } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";

const OPTIONS: MachineOptions = { cpus: 2, target: file("test/kernel/page_counter_target.ts") };
const planted = (name: string) => ({
  ...OPTIONS,
  patches: [file(`test/sanitizers/planted/page_counter/${name}.ts`)],
});

/** Patch, program, title, and the title without the sanitizer. */
const PLANTS: [string, string, string, string | null][] = [
  ["hide_underflow", `cpu0 uncharge(1, 1)`, "WARNING in page_counter_cancel", null],
  [
    "charge_no_rollback",
    `cpu0 set_max(0, 3)\ncpu0 try_charge(2, 4)`,
    "page counter: failed charge left pages in page_counter_try_charge",
    null,
  ],
  [
    "charge_once_more",
    `cpu0 try_charge(2, 4)`,
    "page counter: wrong charge in page_counter_try_charge",
    null,
  ],
  [
    "charge_refused",
    `cpu0 set_max(1, 4)\ncpu0 try_charge(2, 4)`,
    "page counter: charge within its limit failed in page_counter_try_charge",
    null,
  ],
  ["charge_any", `cpu0 set_max(1, 3)\ncpu0 try_charge(2, 4)`, "page counter above its limit", null],
];
for (const [patch, body, title, otherwise] of PLANTS) {
  Deno.test(`page_counter catches ${patch}`, async () => {
    await withMachine(planted(patch), async (m) => {
      const r = await m.run(body);
      assertEquals([r.title, r.oracle], [title, "page_counter"]);
      assertEquals((await m.run(body, { trace: false })).title, title);
      assertGolden(`page_counter/${patch}`, r.report);
    });
    await withMachine({ ...planted(patch), without: ["page_counter"] }, async (m) => {
      assertEquals((await m.run(body)).title, otherwise);
    });
  });
}

/** Correct programs that exceed a limit, or whose charges interfere with each other. */
const CORRECT = [
  `cpu0 set_max(2, 4)\ncpu0 charge(2, 7)`,
  `cpu0 charge(2, 7)\ncpu0 uncharge(2, 7)\ncpu0 set_max(2, 4)\ncpu0 try_charge(2, 4)`,
  `boot set_max(2, 4)\ncpu0 set_max(2, 8)\ncpu1 try_charge(2, 6)\ncpu1 charge(2, 3)`,
  `boot set_max(0, 5)\ncpu0 try_charge(2, 6)\ncpu1 try_charge(1, 3)\ncpu1 uncharge(1, 0)`,
  `boot set_max(2, 4)\ncpu0 set_max(2, 2)\ncpu1 try_charge(2, 4)\ncpu1 try_charge(2, 1)`,
];
Deno.test("page_counter is silent about correct code, under any preemption model", async () => {
  await withMachine(OPTIONS, async (m) => {
    for (const body of CORRECT) {
      for (const preempt of ["none", "full", "rt"] as const) {
        for (let gap = 1; gap < 14; gap++) {
          const order = `order cpu0 cpu1\n+${gap} switch cpu1\n+${gap} switch cpu0`;
          const r = await m.run(`${body}\nschedule: numeric\n${order}`, { preempt });
          assertEquals([r.title, r.text], [null, ""]);
        }
      }
    }
  });
});
