/**
 * Branches — include/linux/compiler.h.
 *
 * JavaScript does not tell when a value decides a branch. So KMSAN sees only branches with likely()
 * or unlikely().
 *
 * @module
 */
import { uninitUse } from "../machine/hooks/uninit.ts";

function decided(x: unknown): boolean {
  if (x !== x) uninitUse("A branch depends on a value that was never written.");
  return Boolean(x);
}

/** likely() */
export const likely: (x: unknown) => boolean = decided;
/** unlikely() */
export const unlikely: (x: unknown) => boolean = decided;
