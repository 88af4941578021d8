/**
 * The fix of B25b as version 3 of 5 June 2026 has it: nothing is drained where a stock is disabled. That comes
 * first, so that what is drained after it stays empty, and what is left is drained when the cgroup is freed.
 *
 * @module
 */
import { WRITE_ONCE } from "../../machine/memory/access.ts";
import type { cgroup_subsys_state } from "../cgroup.ts";
import { drain_all_stock } from "../memcontrol.ts";
import type { page_counter } from "../page_counter.ts";
import { css_offline_with, disable_stocks } from "./b25b_drain_without_lock.ts";
import { patch } from "./patch.ts";

export default patch("b25-disable-before-draining", "mm/page_counter: drain under the lock only", {
  page_counter_disable_stock(counter: page_counter): void {
    if (counter.stock) WRITE_ONCE(counter.$batch, 0);
  },

  mem_cgroup_css_offline: (css: cgroup_subsys_state): void =>
    css_offline_with(css, (memcg) => {
      disable_stocks(memcg);
      drain_all_stock(memcg);
    }),
});
