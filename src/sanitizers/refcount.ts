/**
 * Reference counts: the saturation of refcount_t, and the rules for users of percpu_ref.
 *
 * A percpu_ref can be judged only in atomic mode. In per-CPU mode each counter may be negative,
 * because a get and its put can happen on different CPUs. While the count contains the bias of
 * 2^31, it is far below zero and is not judged either.
 *
 * - Nobody takes a reference after the count has reached zero (0 → 1), except
 *   percpu_ref_resurrect().
 * - Nobody puts a reference that nobody holds.
 * - The last reference is put after the kill.
 * - Nobody uses the percpu_ref after the user's percpu_ref_exit(). The switch to atomic mode calls
 *   percpu_ref_exit() too; that earlier call only frees the counters.
 *
 * @module
 */
import * as registers from "../machine/layout/registers.ts";
import * as sizes from "../machine/layout/sizes.ts";
import { views } from "../machine/words/arena.ts";
import { keptWords } from "../machine/words/ghost_words.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { offsetOf, typeNamed } from "../machine/memory/peek.ts";
import { refData } from "../machine/memory/refs.ts";
import { fnAt } from "../machine/words/cpu_state.ts";
import { functionId, tap } from "../machine/calls/registry.ts";
import { onSaturation } from "../machine/hooks/saturation.ts";
import { locate, objectName } from "../machine/memory/objects.ts";
import type { Struct, StructType } from "../machine/memory/struct_type.ts";
import { onChange } from "../machine/memory/watch.ts";
import { numberPlaces } from "./embedded.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { ghost, mem } = views();
const { regs, SP } = registers;
const { CELLS } = sizes;

/**
 * One ghost word for each percpu_ref says whether percpu_ref_exit() was called; number 0 is none.
 */
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

/** Counts of this size and above contain the bias of 2^31 and have wrapped below it. */
const UNBIASED = 1 << 30;
const DEAD = 2;

/** Layout of a percpu_ref: from its count to its pointer, and from its start to its count. */
let toPointer = 0;
let toCount = 0;
/** For each count the pointer to its ref, if the count is in data of its own; else -1. */
let toRef = -1;
/** Numbers of the percpu_refs, by the addresses of their counts. */
let numbers = new Int16Array(0);
let switchLock = 0;
let resurrect = 0;
let confirm = 0;

/** Address of the pointer, with its flags, of the percpu_ref whose count is at `a`. */
function pointerOf(a: number): number {
  return toRef < 0 ? a + toPointer : mem[a + toRef] + toPointer;
}

function whose(a: number): string {
  const at = locate(numbers[a] !== 0 || toRef < 0 ? a : pointerOf(a));
  return at === null ? "?" : `${objectName(at.object)}.${at.field}`;
}

function exited(a: number): boolean {
  return ghost[REFS + numbers[a]] !== 0;
}

/** Whether the caller, or the function it is inlined into, is percpu_ref_resurrect(). */
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
  // During percpu_ref_resurrect() the count may reach zero again: its caller prevents the release.
  if (now === 0 && (mem[pointerOf(a)] & DEAD) === 0 && mem[switchLock] === 0) {
    oops(NOT_KILLED, now, a, `${whose(a)} has reached zero, and percpu_ref_kill() was not called`);
  }
}

/** The count is part of the ref: after percpu_ref_exit() only a ghost word tells that it is over. */
function attachCounts(ref: StructType): void {
  toCount = 2 * offsetOf(ref, "count");
  toPointer = 2 * (offsetOf(ref, "percpu_count_ptr") - offsetOf(ref, "count"));
  const places = numberPlaces(ref, CELLS, REFS_MAX - 1);
  for (let a = 0; a + toCount < numbers.length; a++) {
    if (places[a]) numbers[a + toCount] = places[a];
  }
  tap("percpu_ref_init", (r) => {
    if (r !== null) ghost[REFS + numbers[(r as Struct).a + toCount]] = 0;
  }, () => {});
  tap("percpu_ref_exit", () => {}, (_result, r) => {
    if (fnAt(regs[SP] - 1) === confirm) return; // the percpu_ref is used further, in atomic mode
    ghost[REFS + numbers[(r as Struct).a + toCount]] = 1;
  });
}

/** The count is in data that percpu_ref_exit() frees: what comes after that is KASAN's. */
function attachData(ref: StructType, data: StructType): void {
  toRef = 2 * (offsetOf(data, "ref") - offsetOf(data, "count"));
  toPointer = 2 * offsetOf(ref, "percpu_count_ptr");
}

function attachPercpuRef(): void {
  const ref = typeNamed("percpu_ref")!;
  const data = refData();
  numbers = new Int16Array(2 * CELLS);
  switchLock = (typeNamed("percpu_ref_switch_lock")!.objects[0] as Struct).a;
  resurrect = functionId("percpu_ref_resurrect");
  confirm = functionId("percpu_ref_switch_to_atomic_rcu");
  onChange("refcount", changed);
  if (data === undefined) attachCounts(ref);
  else attachData(ref, data);
}

export const refcount: Sanitizer = {
  name: "refcount",
  doc: "Counts that rise from zero, fall below zero or saturate; the rules of percpu_ref.",
  free: true,
  attach() {
    onSaturation((a, what) => oops(SATURATED, 0, a, `${what}\n${whose(a)}`));
    attachPercpuRef();
  },
};
