/** Planted: a charge that fails at an ancestor keeps the pages that it added below. */
import { atomic_add_return, atomic_sub, READ_ONCE } from "../../../../src/machine/memory/access.ts";
import type { page_counter } from "../../../../src/kernel/page_counter.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("charge_no_rollback", "the levels below are forgotten", {
  page_counter_try_charge(counter: page_counter, nr_pages: number): page_counter | null {
    for (let c: page_counter | null = counter; c; c = c.parent) {
      const now = atomic_add_return(nr_pages, c.$usage);
      if (now > READ_ONCE(c.$max)) {
        atomic_sub(nr_pages, c.$usage);
        return c;
      }
    }
    return null;
  },
});
