/**
 * memsw: what a cgroup has in memory and in swap, in one counter (memory.memsw.* of a cgroup1 hierarchy), as
 * v6.16 and later charge and uncharge it. Whatever is charged is charged there first; if the counter of
 * memory then refuses, it is uncharged there again.
 *
 * MODEL: with this patch the controller is on a cgroup1 hierarchy from the start, so do_memsw_account() is
 * no access to shared memory. What is swapped out is not in memsw. The counters kmem and tcpmem are left out.
 *
 * @module
 */
import { READ_ONCE } from "../../machine/memory/access.ts";
import { container_of } from "../../machine/memory/struct.ts";
import type { cgroup_subsys_state } from "../cgroup.ts";
import { EINVAL, IS_ERR } from "../errno.ts";
import { drain_all_stock, memcg_max_mutex } from "../memcontrol.ts";
import { mem_cgroup } from "../memcontrol-types.ts";
import { page_counter_init, page_counter_set_max, page_counter_uncharge } from "../page_counter.ts";
import { mutex_lock, mutex_unlock } from "../spinlock.ts";
import { around, detail, retyped } from "./patch.ts";

/** Of mem_cgroup_resize_max(), for one writer at a time: memory may not have more than both together. */
function set_max(memcg: mem_cgroup, max: number, memsw: boolean): number {
  mutex_lock(memcg_max_mutex);
  const limits_invariant = memsw ? max >= READ_ONCE(memcg.memory.$max) : max <= memcg.memsw.max;
  const counter = memsw ? memcg.memsw : memcg.memory;
  const ret = limits_invariant ? page_counter_set_max(counter, max) : -EINVAL;
  mutex_unlock(memcg_max_mutex);
  return ret;
}

export default detail({
  name: "memsw",
  subject: "the counter of memory and swap of a cgroup1 hierarchy (v6.16 and later)",
  commit: "8c7c6e34a125",
  version: "v6.16",
  needs: ["89f342af6603"],
}, {
  mem_cgroup_css_alloc: retyped(around((original) =>
  (
    parent_css: cgroup_subsys_state | null,
  ): cgroup_subsys_state | number => {
    const css = original(parent_css) as cgroup_subsys_state | number;
    if (IS_ERR(css)) return css;
    const parent = parent_css ? container_of(parent_css, mem_cgroup) : null;
    page_counter_init(container_of(css, mem_cgroup).memsw, parent ? parent.memsw : null);
    return css;
  })),

  memcg_uncharge(memcg: mem_cgroup, nr_pages: number): void {
    page_counter_uncharge(memcg.memory, nr_pages);
    page_counter_uncharge(memcg.memsw, nr_pages);
  },

  mem_cgroup_resize_max(memcg: mem_cgroup, max: number, memsw = false): number {
    let ret = set_max(memcg, max, memsw);
    if (ret && ret !== -EINVAL) {
      drain_all_stock(memcg);
      ret = set_max(memcg, max, memsw);
    }
    return ret;
  },
});
