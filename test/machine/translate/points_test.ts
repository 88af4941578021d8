import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({ cpus: 1, target: file("test/conformance/kasan_test_target.ts") });

Deno.test("tracePoints() has no value for a write that a sanitizer did not let happen", () => {
  const { title, trace } = m.run("cpu0 kmalloc_oob_right(0, 0)");
  assertEquals(title, "KASAN: slab-out-of-bounds Write in do_kmalloc_oob_right");
  const [{ value, what }] = trace.slice(-1);
  assertEquals([what, value], ["store", null]);
});

Deno.test("tracePoints() has the value that a read would have got", () => {
  const { title, trace } = m.run("cpu0 kmalloc_uaf(0, 0)");
  assertEquals(title, "KASAN: slab-use-after-free Read in do_kmalloc_uaf");
  const [{ value, what }] = trace.slice(-1);
  assertEquals(what, "load");
  assert(value !== null);
});

Deno.test("tracePoints() has neither field nor value for a free", () => {
  const { trace } = m.run("cpu0 kmalloc_uaf(0, 0)");
  const [{ field, value }] = trace.filter(({ what }) => what === "kfree");
  assertEquals([field, value], [null, null]);
});
