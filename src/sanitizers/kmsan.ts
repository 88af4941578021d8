/**
 * KMSAN: values that were never written.
 *
 * A function that returns a local it never assigned, and a read of a field that nobody wrote since
 * the object was allocated without zeroing.
 *
 * @module
 */
import { onUninitReturn, oops, OOPS_UNINIT } from "../machine/oops.ts";
import type { Sanitizer } from "./sanitizer.ts";

export const kmsan: Sanitizer = {
  name: "kmsan",
  doc: "Return values and fields that were never written.",
  free: true,
  attach() {
    onUninitReturn((fn) => {
      oops(OOPS_UNINIT, 0, 0, "The return value was never written on this path.", fn);
    });
  },
};
