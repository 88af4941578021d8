/**
 * KMSAN: values that were never written.
 *
 * Such values come from fields of objects that were not zeroed, and from local variables that were
 * not assigned (UNINIT). They are followed through copies to the place of their use. The machine
 * lists the uses that it can see (machine/memory/uninit.ts). The report names where the value was
 * created and the stores through which it was copied.
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
