/**
 * Reference counts: refcount_t's saturation, and what percpu_ref asks of its users.
 *
 * Of a percpu_ref only the count in atomic mode can be judged: the per-CPU counters of a live one may
 * each be negative, since a get and its put can happen on different CPUs. While the bias of 2^31 is
 * in it, a count is far below zero and is nobody's business either.
 *
 * The rules: no reference to what is gone (0 → 1), unless percpu_ref_resurrect() takes it; none put
 * that nobody has; the last one goes after the kill; nothing after the user's percpu_ref_exit(). The
 * switch to atomic mode calls percpu_ref_exit() too, early, which ends nothing but the counters.
 *
 * @module
 */
import * as registers from "../machine/layout/registers.ts";
import * as sizes from "../machine/layout/sizes.ts";
import { views } from "../machine/words/arena.ts";
import { keptWords } from "../machine/words/ghost_words.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { offsetOf, typeNamed } from "../machine/memory/peek.ts";
import { fnAt } from "../machine/words/cpu_state.ts";
import { functionId, tap } from "../machine/calls/registry.ts";
import { onSaturation } from "../machine/hooks/saturation.ts";
import { locate, objectName } from "../machine/memory/struct.ts";
import type { Struct } from "../machine/memory/struct_type.ts";
import { onChange } from "../machine/memory/watch.ts";
import { numberPlaces } from "./embedded.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { ghost, mem } = views();
const { regs, SP } = registers;
const { CELLS } = sizes;

/** One ghost word for each percpu_ref says whether percpu_ref_exit() was called; number 0 is none. */
const REFS_MAX = 128;
const REFS = keptWords("refcount", REFS_MAX);

const RESURRECT = oopsKind("resurrect", "refcount", (o) => `refcount: 0 -> 1 in ${o.fn}`);
const UNDERFLOW = oopsKind("underflow", "refcount", (o) => `refcount: underflow in ${o.fn}`);
const AFTER_EXIT = oopsKind(
  "after-exit",
  "refcount",
  (o) => `percpu_ref: use after exit in ${o.fn}`,
);
const NOT_KILLED = oopsKind(
  "not-killed",
  "refcount",
  (o) => `percpu_ref: released without a kill in ${o.fn}`,
);
const SATURATED = oopsKind(
  "saturated",
  "refcount",
  (o) => `refcount_t: ${o.text.split("\n")[0]} in ${o.fn}`,
);

/** Counts from here on are biased ones that wrapped below the bias: 2^31 is in them. */
const UNBIASED = 1 << 30;
const DEAD = 2;

/** What the oracle knows of the kernel's layout. */
let toPointer = 0;
let toCount = 0;
/** Numbers of the percpu_refs by the address of their counts; their ghost word says "exited". */
let numbers = new Int16Array(0);
let switchLock = 0;
let resurrect = 0;
let confirm = 0;

function whose(a: number): string {
  const at = locate(a);
  return at === null ? "?" : `${objectName(at.object)}.${at.field}`;
}

function exited(a: number): boolean {
  return ghost[REFS + numbers[a]] !== 0;
}

/** Whether the caller, or what it was inlined into, is percpu_ref_resurrect(). */
function isResurrecting(): boolean {
  return fnAt(regs[SP]) === resurrect || fnAt(regs[SP] - 1) === resurrect;
}

/** An atomic operation has changed the count at `a`. */
function changed(a: number, old: number, now: number): void {
  if (exited(a)) oops(AFTER_EXIT, now, a, `${whose(a)} is used after percpu_ref_exit()`);
  if (old === 0 && now > 0 && !isResurrecting()) {
    oops(RESURRECT, now, a, `${whose(a)} had reached zero and was released`);
  }
  if (old >= 0 && old < UNBIASED && now < 0 && now > -UNBIASED) {
    oops(UNDERFLOW, now, a, `${whose(a)}: ${old} -> ${now}`);
  }
  // While it is being resurrected it may hit zero again; keeping its release off is the caller's.
  if (now === 0 && (mem[a + toPointer] & DEAD) === 0 && mem[switchLock] === 0) {
    oops(NOT_KILLED, now, a, `${whose(a)} has reached zero, and percpu_ref_kill() was not called`);
  }
}

function attachPercpuRef(): void {
  const ref = typeNamed("percpu_ref")!;
  toCount = 2 * offsetOf(ref, "count");
  toPointer = 2 * (offsetOf(ref, "percpu_count_ptr") - offsetOf(ref, "count"));
  const places = numberPlaces(ref, CELLS, REFS_MAX - 1);
  numbers = new Int16Array(2 * CELLS);
  for (let a = 0; a + toCount < numbers.length; a++) {
    if (places[a]) numbers[a + toCount] = places[a];
  }
  switchLock = (typeNamed("percpu_ref_switch_lock")!.objects[0] as Struct).a;
  resurrect = functionId("percpu_ref_resurrect");
  confirm = functionId("percpu_ref_switch_to_atomic_rcu");
  onChange("refcount", changed);
  tap("percpu_ref_init", (r) => {
    ghost[REFS + numbers[(r as Struct).a + toCount]] = 0;
  }, () => {});
  tap("percpu_ref_exit", () => {}, (_result, r) => {
    if (fnAt(regs[SP] - 1) === confirm) return; // it goes on, in atomic mode
    ghost[REFS + numbers[(r as Struct).a + toCount]] = 1;
  });
}

export const refcount: Sanitizer = {
  name: "refcount",
  doc: "Counts that come back from zero, fall below it or saturate; the rules of percpu_ref.",
  free: true,
  attach() {
    onSaturation((a, what) => oops(SATURATED, 0, a, `${what}\n${whose(a)}`));
    attachPercpuRef();
  },
};
