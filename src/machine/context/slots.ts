/**
 * Slots: what the names of a program stand for, and what its operations returned.
 *
 * @module
 */
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import * as layout from "../../prog/layout.ts";
import { SKIPPED } from "../../prog/target.ts";
import { LIMITS } from "../../prog/types.ts";

const { prog, slots } = views();
const { RETURNS } = sizes;
const { P_NOPS, P_SLOTS } = layout;

/** Slots as they were when the boot operations of the program were done. */
const prepared = new Int32Array(slots.length);

/** No name stands for anything; what never runs returns nothing. */
export function clearSlots(): void {
  slots.fill(0, 0, LIMITS.slots);
  slots.fill(SKIPPED, RETURNS, RETURNS + LIMITS.ops);
}

/** Remember the slots for more executions of the same program. */
export function takeSlots(): void {
  prepared.set(slots);
}

/** Put the slots back as they were at {@linkcode takeSlots}, as far as the program has any. */
export function restoreSlots(): void {
  for (let i = 0; i < prog[P_SLOTS]; i++) slots[i] = prepared[i];
  for (let i = RETURNS; i < RETURNS + prog[P_NOPS]; i++) slots[i] = prepared[i];
}
