/** Planted: a charge does not check the limit. */
import { atomic_add_return } from "../../../../src/machine/memory/access.ts";
import type { page_counter } from "../../../../src/kernel/page_counter.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("charge_any", "limits are not looked at", {
  page_counter_try_charge(counter: page_counter, nr_pages: number): page_counter | null {
    for (let c: page_counter | null = counter; c; c = c.parent) {
      atomic_add_return(nr_pages, c.$usage);
    }
    return null;
  },
});
