/**
 * 9317d0fffeb4 ("mm: page_counter: mitigate consequences of a page_counter underflow"), v5.13.
 *
 * A counter that falls below zero is put back to zero, so that the cgroup can be charged again. What
 * has gone wrong before stays hidden then; the sanitizer looks at the change itself.
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { atomic_set, atomic_sub_return } from "../../machine/memory/access.ts";
import type { page_counter } from "../page_counter.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "9317d0fffeb4",
  subject: "mm: page_counter: mitigate consequences of a page_counter underflow",
  version: "v5.13",
  fixes: ["B34"],
}, {
  page_counter_cancel(counter: page_counter, nr_pages: number): void {
    const now = atomic_sub_return(nr_pages, counter.$usage);
    WARN_ON_ONCE(now < 0, `page_counter underflow: ${now} nr_pages=${nr_pages}`);
    if (now < 0) atomic_set(counter.$usage, 0);
  },
});
