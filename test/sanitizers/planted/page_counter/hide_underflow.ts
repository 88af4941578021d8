/** Planted: b8e281a328e1 without its warning, so a counter that falls below zero becomes zero. */
import { atomic_set, atomic_sub_return } from "../../../../src/machine/memory/access.ts";
import type { page_counter } from "../../../../src/kernel/page_counter.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("hide_underflow", "mm: page_counter: mitigate consequences of an underflow", {
  page_counter_cancel(counter: page_counter, nr_pages: number): void {
    if (atomic_sub_return(nr_pages, counter.$usage) < 0) atomic_set(counter.$usage, 0);
  },
});
