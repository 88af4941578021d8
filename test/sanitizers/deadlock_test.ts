import { assertEquals } from "@std/assert";
import { makeMachine } from "../machine/harness.ts";
import { assertGolden } from "./golden.ts";

const m = await makeMachine({ cpus: 2, without: ["lockdep"], stepLimit: 40 });

Deno.test("a deadlock is reported with both CPUs", () => {
  const r = m.run(`
    cpu0 ab()
    cpu1 ba()
    schedule:
    cpu0 until lab_lock: spin_lock #2
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(r.title, "INFO: task hung in lab_lock");
  assertGolden("machine/hang", r.report);
});

Deno.test("a lockup is reported with the function that loops", () => {
  const r = m.run(`cpu0 forever()`);
  assertEquals(r.title, "BUG: soft lockup in lab_forever");
  assertGolden("machine/lockup", r.report);
});
