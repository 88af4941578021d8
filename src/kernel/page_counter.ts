/**
 * Hierarchical page counters — mm/page_counter.c.
 *
 * MODEL: watermarks, failure counts and the protection values (min, low) are left out.
 *
 * MODEL: the per-CPU stock of a counter, which kernels with page_counter_stock or b25b have, is one object
 * with a cell for each CPU.
 *
 * @module
 */
import {
  atomic_add_return,
  atomic_read,
  atomic_set,
  atomic_sub,
  atomic_sub_return,
  xchg,
} from "../machine/memory/access.ts";
import { WARN_ON_ONCE } from "../machine/findings/warn.ts";
import { kernel } from "../machine/calls/registry.ts";
import {
  array,
  type Fields,
  int,
  type Ptr,
  ptr,
  type Struct,
  watched,
} from "../machine/memory/struct_type.ts";
import { struct } from "../machine/memory/struct.ts";
import { config } from "../machine/words/config.ts";
import { EBUSY } from "./errno.ts";
import { has } from "./version.ts";

export const PAGE_COUNTER_MAX = 0x0fffffff;

/** Counters may have stocks of their own: in the series that is to take them from the cgroups. */
export const counters_have_stocks = has("page_counter_stock") || has("b25b");

/** struct page_counter_stock: pages that are charged to a counter in advance, by CPU. */
export interface page_counter_stock extends Struct, Fields<{ nr_pages: number }> {}
export const page_counter_stock = counters_have_stocks
  ? struct<page_counter_stock>("page_counter_stock", { nr_pages: array(config.cpus) }, 64)
  : null;

export interface page_counter extends
  Struct,
  Fields<{
    usage: number;
    max: number;
    parent: Ptr<page_counter>;
    /** with page_counter_stock or b25b: NULL if there is none, and how many pages it takes at once */
    stock: Ptr<page_counter_stock>;
    batch: number;
  }> {}
export const page_counter = struct<page_counter>("page_counter", {
  usage: watched("page_counter"),
  max: int,
  parent: ptr,
  ...(counters_have_stocks ? { stock: ptr, batch: int } : {}),
});

/** page_counter_init() */
export function page_counter_init(counter: page_counter, parent: page_counter | null): void {
  atomic_set(counter.$usage, 0);
  counter.max = PAGE_COUNTER_MAX;
  counter.parent = parent;
}

/** page_counter_cancel(): subtract pages from one level. Context: any. */
export const page_counter_cancel = kernel(
  "page_counter_cancel",
  (counter: page_counter, nr_pages: number): void => {
    const now = atomic_sub_return(nr_pages, counter.$usage);
    WARN_ON_ONCE(now < 0, `page_counter underflow: ${now} nr_pages=${nr_pages}`);
  },
);

/** page_counter_charge(): regardless of limits. Context: any. */
export const page_counter_charge = kernel(
  "page_counter_charge",
  (counter: page_counter, nr_pages: number): void => {
    for (let c: page_counter | null = counter; c; c = c.parent) {
      atomic_add_return(nr_pages, c.$usage);
    }
  },
);

/**
 * page_counter_try_charge() Context: any.
 *
 * MODEL: the out-parameter `fail` is the return value. NULL means that the charge succeeded.
 */
export const page_counter_try_charge = kernel(
  "page_counter_try_charge",
  (counter: page_counter, nr_pages: number): page_counter | null => {
    let fail: page_counter | null = null;
    for (let c: page_counter | null = counter; c; c = c.parent) {
      // Speculative: two concurrent charges can both fail although one of them would fit.
      const now = atomic_add_return(nr_pages, c.$usage);
      if (now > c.max) {
        atomic_sub(nr_pages, c.$usage);
        fail = c;
        break;
      }
    }
    if (!fail) return null;
    for (let c: page_counter = counter; c !== fail; c = c.parent!) page_counter_cancel(c, nr_pages);
    return fail;
  },
);

/** page_counter_uncharge(): level by level. Context: any. */
export const page_counter_uncharge = kernel(
  "page_counter_uncharge",
  (counter: page_counter, nr_pages: number): void => {
    for (let c: page_counter | null = counter; c; c = c.parent) page_counter_cancel(c, nr_pages);
  },
);

/** page_counter_set_max(): -EBUSY if more pages are in use. Context: the caller serialises. */
export const page_counter_set_max = kernel(
  "page_counter_set_max",
  (counter: page_counter, nr_pages: number): number => {
    for (;;) {
      const usage = atomic_read(counter.$usage);
      if (usage > nr_pages) return -EBUSY;
      const old = xchg(counter.$max, nr_pages);
      if (atomic_read(counter.$usage) <= usage) return 0;
      counter.max = old;
    }
  },
);

/** page_counter_read() */
export function page_counter_read(counter: page_counter): number {
  return atomic_read(counter.$usage);
}
