/**
 * KASAN: use after free, out of bounds, double and invalid free.
 *
 * Freed objects stay in quarantine until the end of the execution (machine/memory/slab.ts), so a
 * late access always finds the freed state. An object that waits for its grace period is not freed
 * yet. Every object lies between redzones. In an object from a size class, the part that the
 * allocation did not ask for is a redzone too. As in the kernel, an index that leaves its array but
 * not the object is not seen. The machine itself catches NULL dereferences, because a NULL pointer
 * is `null`.
 *
 * @module
 */
import * as states from "../machine/layout/shadow_states.ts";
import * as sizes from "../machine/layout/sizes.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { onBadAccess, onBadFree, stateAt } from "../machine/memory/shadow.ts";
import { onAllocation } from "../machine/memory/slab.ts";
import { locate, objectName, outermost } from "../machine/memory/objects.ts";
import type { Struct } from "../machine/memory/struct_type.ts";
import { nearestObject } from "../machine/memory/nearest.ts";
import { describe } from "./kasan/describe.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { FREED, REDZONE, UNALLOCATED } = states;
const { STATIC_CELLS } = sizes;

/**
 * An access, packed into the argument of a finding: bit 0 is set for a write, the other bits are
 * the number of cells that it covers; a free is 0.
 */
const pack = (write: boolean, cells: number) => 2 * cells + (write ? 1 : 0);
const rw = (access: number) => ((access & 1) !== 0 ? "Write" : "Read");

function accessKind(name: string, what: string): number {
  return oopsKind(name, "KASAN", (o) => `KASAN: ${what} ${rw(o.arg)} in ${o.fn}`);
}
const UAF = accessKind("use-after-free", "slab-use-after-free");
const OOB = accessKind("out-of-bounds", "slab-out-of-bounds");
const GLOBAL_OOB = accessKind("global-out-of-bounds", "global-out-of-bounds");
/** An access of negative length: nobody knows where it would end. */
const NEGATIVE = accessKind("negative-size", "out-of-bounds");
const WILD = accessKind("wild-memory-access", "wild-memory-access");
const DOUBLE_FREE = oopsKind("double-free", "KASAN", (o) => `KASAN: double-free in ${o.fn}`);
const INVALID_FREE = oopsKind("invalid-free", "KASAN", (o) => `KASAN: invalid-free in ${o.fn}`);

/** The object and the field at an address, as text. */
function where(a: number): string {
  const at = locate(a);
  return at === null ? "outside every object" : `${objectName(at.object)}.${at.field}`;
}

function badAccess(a: number, state: number, write: boolean, from: number, cells: number): void {
  const access = pack(write, cells);
  const what = rw(access);
  if (cells < 0) oops(NEGATIVE, access, from, `${what} of ${cells} cells`);
  if (state === FREED) oops(UAF, access, a, `${what} of ${where(a)}, which is freed`);
  if (state === UNALLOCATED) {
    const owned = locate(a) !== null;
    oops(
      WILD,
      access,
      a,
      `${what} ${owned ? `of ${where(a)}, which was never allocated` : where(a)}`,
    );
  }
  if (state !== REDZONE) return;
  if (a < 2 * STATIC_CELLS) oops(GLOBAL_OOB, access, a, `${what} outside every variable`);
  const near = nearestObject(a);
  if (near === null) oops(WILD, access, a, `${what} outside every object`);
  oops(OOB, access, a, `${what} next to ${objectName(near)}`);
}

function checkFree(o: Struct): void {
  if (o !== outermost(o) || o.type.isStatic) badFreeAt(o.a);
  const state = stateAt(o.a);
  if (state === FREED) oops(DOUBLE_FREE, 0, o.a, `second free of ${objectName(o)}`);
  if (state === UNALLOCATED) {
    oops(INVALID_FREE, 0, o.a, `free of ${objectName(o)}, never allocated`);
  }
}

function badFreeAt(a: number): never {
  oops(INVALID_FREE, 0, a, `free of ${where(a)}, which no allocation returned`);
}

export const kasan: Sanitizer = {
  name: "kasan",
  doc: "Use after free, out of bounds, double and invalid free.",
  free: true,
  attach() {
    onBadAccess(badAccess);
    onBadFree(badFreeAt);
    onAllocation({ allocated() {}, freed: checkFree });
  },
  describe,
};
