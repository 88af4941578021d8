/**
 * 32d772708009 ("mm: skip retry when new limit is not below old one in page_counter_set_max"), v6.1.
 *
 * A charge that saw the old limit fits under the new one, if that is not lower. So the new limit stays
 * although the usage has grown.
 *
 * @module
 */
import { xchg } from "../../machine/memory/access.ts";
import { EBUSY } from "../errno.ts";
import { type page_counter, page_counter_read } from "../page_counter.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "32d772708009",
  subject: "mm: skip retry when new limit is not below old one in page_counter_set_max",
  version: "v6.1",
}, {
  page_counter_set_max(counter: page_counter, nr_pages: number): number {
    for (;;) {
      const usage = page_counter_read(counter);
      if (usage > nr_pages) return -EBUSY;
      const old = xchg(counter.$max, nr_pages);
      if (page_counter_read(counter) <= usage || nr_pages >= old) return 0;
      counter.max = old;
    }
  },
});
