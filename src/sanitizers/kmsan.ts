/**
 * KMSAN: values that were never written.
 *
 * What a field of an object holds that was not zeroed, and what a local variable holds that was not
 * assigned (UNINIT), is followed through copies to where it is used; the machine says which uses it
 * can see (machine/uninit.ts). The report names where the value was born and the stores it went
 * through.
 *
 * @module
 */
import { onUninitUse } from "../machine/hooks/uninit.ts";
import { oops, OOPS_UNINIT } from "../machine/findings/oops.ts";
import { lastUninitRead } from "../machine/memory/uninit.ts";
import type { Sanitizer } from "./sanitizer.ts";

export const kmsan: Sanitizer = {
  name: "kmsan",
  doc: "Uses of values that were never written.",
  free: true,
  attach() {
    onUninitUse((how, fn) => {
      oops(OOPS_UNINIT, 0, lastUninitRead(), how, fn);
    });
  },
};
