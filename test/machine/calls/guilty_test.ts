import { assertEquals } from "@std/assert";
import { makeMachine } from "../harness.ts";

const m = await makeMachine({ cpus: 2, stepLimit: 2000 });

/** Operations that queue a callback made of helpers only, and what that is called. */
const TITLES: Readonly<Record<string, string>> = {
  defer_null: "KASAN: null-ptr-deref in lab_cb_null",
  defer_spin: "BUG: retry loop without progress in lab_cb_spin",
  defer_wait: "INFO: task hung in lab_cb_wait",
};
/** Where it may come; in the last place the innermost frame is a helper too. */
const PLACES = ["lab_inc: WRITE_ONCE x", "lab_outer: xchg y", "lab_helper: READ_ONCE word"];

for (const [op, title] of Object.entries(TITLES)) {
  Deno.test(`a handler that is all helpers is named for itself: ${title}`, () => {
    assertEquals(m.run(`cpu0 ${op}()`).title, title, "between operations");
    for (const place of PLACES) {
      const r = m.run(`cpu0 ${op}()\nschedule:\ncpu0 until ${place}\ncpu0 softirq`);
      assertEquals([r.title, r.unreached], [title, 0], place);
      assertEquals(
        r.trace.at(-1)!.stack.includes(place.split(":")[0]),
        true,
        "it interrupted that",
      );
    }
  });
}

Deno.test("after a handler the task answers for itself again", () => {
  const steps = "cpu0 until lab_inner: READ_ONCE\ncpu0 interrupt\ncpu0 until end";
  const r = m.run(`cpu0 nested_null()\ncpu0 softirq busy()\nschedule:\n${steps}`);
  assertEquals([r.title, r.unreached], ["KASAN: null-ptr-deref in lab_nested_null", 0]);
});
