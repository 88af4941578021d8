/**
 * Reference counts: 0 → 1, below zero, and use after percpu_ref_exit().
 *
 * Only counts in atomic mode can be judged: the per-CPU counters of a live percpu_ref may each be
 * negative, since a get and its put can happen on different CPUs. While the bias of 2^31 is in it,
 * a count is far below zero and is nobody's business either.
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { oops, oopsKind } from "../machine/oops.ts";
import { offsetOf, typeNamed } from "../machine/peek.ts";
import { onSaturation } from "../machine/saturation.ts";
import { locate, objectName } from "../machine/struct.ts";
import { onChange, WATCH_REFCOUNT } from "../machine/watch.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { mem } = arena;

const RESURRECT = oopsKind("resurrect", "refcount", (o) => `refcount: 0 -> 1 in ${o.fn}`);
const UNDERFLOW = oopsKind("underflow", "refcount", (o) => `refcount: underflow in ${o.fn}`);

const AFTER_EXIT = oopsKind(
  "after-exit",
  "refcount",
  (o) => `percpu_ref: use after exit in ${o.fn}`,
);
/** Counts from here on are biased ones that wrapped below the bias: 2^31 is in them. */
const UNBIASED = 1 << 30;
/** What percpu_ref_exit() leaves in the pointer: both flags and no address. */
const EXITED = 3;

const SATURATED = oopsKind(
  "saturated",
  "refcount",
  (o) => `refcount_t: ${o.text.split("\n")[0]} in ${o.fn}`,
);

function whose(a: number): string {
  const at = locate(a);
  return at === null ? "?" : `${objectName(at.object)}.${at.field}`;
}

export const refcount: Sanitizer = {
  name: "refcount",
  doc: "Reference counts that come back from zero or fall below it.",
  free: true,
  attach() {
    onSaturation((a, what) => oops(SATURATED, 0, a, `${what}\n${whose(a)}`));
    const ref = typeNamed("percpu_ref")!;
    const toPointer = 2 * (offsetOf(ref, "percpu_count_ptr") - offsetOf(ref, "count"));
    onChange(WATCH_REFCOUNT, (a, old, now) => {
      if (mem[a + toPointer] === EXITED) {
        oops(AFTER_EXIT, now, a, `${whose(a)} is used after percpu_ref_exit()`);
      }
      if (old === 0 && now > 0) {
        oops(RESURRECT, now, a, `${whose(a)} had reached zero and was released`);
      }
      if (old >= 0 && old < UNBIASED && now < 0) {
        oops(UNDERFLOW, now, a, `${whose(a)}: ${old} -> ${now}`);
      }
    });
  },
};
