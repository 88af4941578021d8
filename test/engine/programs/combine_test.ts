import { assertEquals } from "@std/assert";
import { combine, scheduleOfMore } from "../../../src/engine/programs/combine.ts";
import { S_ORDER, SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import { packNumeric } from "../../../src/prog/pack.ts";
import { packed, printed, WORDS } from "./mutated.ts";

const ONE = "boot m1 = mkdir(root)\nboot m2 = mkdir(m1)\ncpu1 attach(cpu1, m2)";
const OTHER = "boot x1 = kmalloc(64)\ncpu0 kfree(x1)\ncpu0 m1 = mkdir(root)";

Deno.test("combine() takes boot operations first, and keeps the names of its parts apart", () => {
  assertEquals(printed(combine([packed(ONE), packed(OTHER)], WORDS)!), [
    "boot m1 = mkdir(root)",
    "boot m2 = mkdir(m1)",
    "boot x1 = kmalloc(64)",
    "cpu1 attach(cpu1, m2)",
    "cpu0 kfree(x1)",
    "cpu0 m3 = mkdir(root)",
  ]);
});

Deno.test("combine() gives up on what is too large", () => {
  const large = packed(Array.from({ length: 40 }, () => "boot mkdir(root)").join("\n"));
  assertEquals(combine([large, large], WORDS), null);
});

Deno.test("scheduleOfMore() has all CPUs in its order, and leaves the schedule as it is", () => {
  const one = new Int32Array(SCHEDULE_WORDS);
  packNumeric(
    { kind: "numeric", order: [1, 0], events: [{ gap: 7, action: "switch", cpu: 0 }] },
    2,
    one,
  );
  const more = new Int32Array(SCHEDULE_WORDS);
  packNumeric(
    { kind: "numeric", order: [1, 0, 2, 3], events: [{ gap: 7, action: "switch", cpu: 0 }] },
    4,
    more,
  );
  const before = one.slice();
  assertEquals(
    scheduleOfMore(one, 2, 4).slice(S_ORDER, S_ORDER + 4),
    more.slice(S_ORDER, S_ORDER + 4),
  );
  assertEquals(scheduleOfMore(one, 2, 4).slice(S_ORDER + 4), more.slice(S_ORDER + 4));
  assertEquals(one, before);
});
