/**
 * KASAN: use after free, out of bounds, double and invalid free.
 *
 * Freed objects stay in quarantine until the end of the execution (machine/slab.ts), so a late
 * access always meets the freed state. NULL dereferences are caught by the machine itself, since a
 * NULL pointer is null.
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { oops, oopsKind } from "../machine/oops.ts";
import { FREED, onBadAccess, REDZONE, UNALLOCATED } from "../machine/shadow.ts";
import { onAllocation } from "../machine/slab.ts";
import { locate, objectName, outermost, type Struct } from "../machine/struct.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { mem } = arena;

const rw = (write: number) => (write ? "Write" : "Read");
const UAF = oopsKind(
  "use-after-free",
  "KASAN",
  (o) => `KASAN: slab-use-after-free ${rw(o.arg)} in ${o.fn}`,
);
const OOB = oopsKind(
  "out-of-bounds",
  "KASAN",
  (o) => `KASAN: slab-out-of-bounds ${rw(o.arg)} in ${o.fn}`,
);
const WILD = oopsKind(
  "wild-memory-access",
  "KASAN",
  (o) => `KASAN: wild-memory-access ${rw(o.arg)} in ${o.fn}`,
);
const DOUBLE_FREE = oopsKind("double-free", "KASAN", (o) => `KASAN: double-free in ${o.fn}`);
const INVALID_FREE = oopsKind("invalid-free", "KASAN", (o) => `KASAN: invalid-free in ${o.fn}`);

/** Where an address is, in words. */
function where(a: number): string {
  const at = locate(a);
  return at === null ? "outside every object" : `${objectName(at.object)}.${at.field}`;
}

function badAccess(a: number, state: number, write: boolean): void {
  if (state === FREED) oops(UAF, write ? 1 : 0, a, `${rw(+write)} of ${where(a)}, which is freed`);
  if (state === REDZONE) oops(OOB, write ? 1 : 0, a, `${rw(+write)} next to ${where(a)}`);
  if (state === UNALLOCATED) {
    oops(WILD, write ? 1 : 0, a, `${rw(+write)} of ${where(a)}, which was never allocated`);
  }
}

function checkFree(o: Struct): void {
  if (o !== outermost(o) || o.type.isStatic) {
    oops(INVALID_FREE, 0, o.a, `free of ${where(o.a)}, which no allocation returned`);
  }
  const state = mem[o.a + 1] & 7;
  if (state === FREED) oops(DOUBLE_FREE, 0, o.a, `second free of ${objectName(o)}`);
  if (state === UNALLOCATED) {
    oops(INVALID_FREE, 0, o.a, `free of ${objectName(o)}, never allocated`);
  }
}

export const kasan: Sanitizer = {
  name: "kasan",
  doc: "Use after free, out of bounds, double and invalid free.",
  free: true,
  attach() {
    onBadAccess(badAccess);
    onAllocation({ allocated() {}, freed: checkFree });
  },
};
