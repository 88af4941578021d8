/** Planted: pages are uncharged twice, and the result is not checked. */
import { atomic_sub_return } from "../../../../src/machine/memory/access.ts";
import type { page_counter } from "../../../../src/kernel/page_counter.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("uncharge-twice", "mm/page_counter: planted: uncharge twice", {
  page_counter_cancel(counter: page_counter, nr_pages: number): void {
    atomic_sub_return(2 * nr_pages, counter.$usage);
  },
});
