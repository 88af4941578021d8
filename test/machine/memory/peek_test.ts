import { assertEquals, assertThrows } from "@std/assert";
import "../bare.ts";
import * as F from "../../../src/machine/memory/struct_type.ts";

const { struct } = await import("../../../src/machine/memory/struct.ts");
const { bitsOf, offsetOf, shiftOf } = await import("../../../src/machine/memory/peek.ts");

const REF = struct("peek_ref", {
  count: F.int,
  pointer: F.tagged(2, { ATOMIC: 1, DEAD: 2, ATOMIC_DEAD: 3 }),
});
const CSS = struct("peek_css", { flags: F.flags({ ONLINE: 2, DYING: 16 }), refcnt: F.embed(REF) });

Deno.test("offsetOf() counts cells along a dotted path", () => {
  assertEquals(offsetOf(CSS, "refcnt.pointer"), offsetOf(CSS, "refcnt") + offsetOf(REF, "pointer"));
  assertThrows(() => offsetOf(CSS, "refcnt.none"), Error, 'Cannot find field "refcnt.none"');
});

Deno.test("bitsOf() finds the bits that a field declares, by name", () => {
  assertEquals(bitsOf(CSS, "flags", "DYING"), 16);
  assertEquals(bitsOf(CSS, "refcnt.pointer", "ATOMIC_DEAD"), 3);
  assertThrows(
    () => bitsOf(CSS, "flags", "DEAD"),
    Error,
    'Cannot find bit "DEAD" of peek_css.flags',
  );
  assertThrows(() => bitsOf(CSS, "refcnt.count", "DEAD"), Error, 'Cannot find bit "DEAD"');
});

Deno.test("shiftOf() is how far the address in a tagged field is shifted", () => {
  assertEquals([shiftOf(CSS, "refcnt.pointer"), shiftOf(CSS, "flags")], [2, 0]);
});
