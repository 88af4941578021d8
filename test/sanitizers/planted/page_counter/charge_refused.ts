/** Planted: a charge that comes exactly to the limit is refused. */
import { atomic_add_return, atomic_sub } from "../../../../src/machine/memory/access.ts";
import { page_counter_cancel } from "../../../../src/kernel/page_counter.ts";
import type { page_counter } from "../../../../src/kernel/page_counter.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("charge_refused", "the limit itself is too much", {
  page_counter_try_charge(counter: page_counter, nr_pages: number): page_counter | null {
    for (let c: page_counter | null = counter; c; c = c.parent) {
      if (atomic_add_return(nr_pages, c.$usage) < c.max) continue;
      atomic_sub(nr_pages, c.$usage);
      for (let d = counter; d !== c; d = d.parent!) page_counter_cancel(d, nr_pages);
      return c;
    }
    return null;
  },
});
