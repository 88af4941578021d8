/**
 * WARN_ON() and BUG_ON(): the kernel's own assertions.
 *
 * @module
 */
import { oops, OOPS_BUG, OOPS_WARN } from "./oops.ts";
import { uninitUse } from "../hooks/uninit.ts";

/** WARN_ON() and WARN_ON_ONCE(): a warning ends the execution, as with panic_on_warn. */
export function WARN_ON(condition: boolean | number, what = ""): void {
  if (condition !== condition) uninitUse("A WARN_ON() depends on a value that was never written.");
  if (condition) oops(OOPS_WARN, 0, 0, what);
}
export const WARN_ON_ONCE = WARN_ON;

/** BUG_ON() */
export function BUG_ON(condition: boolean | number, what = ""): void {
  if (condition !== condition) uninitUse("A BUG_ON() depends on a value that was never written.");
  if (condition) oops(OOPS_BUG, 0, 0, what);
}
