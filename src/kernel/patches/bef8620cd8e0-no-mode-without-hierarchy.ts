/**
 * bef8620cd8e0 ("mm: memcg: deprecate the non-hierarchical mode"), v5.11: every cgroup is hierarchical, and
 * memory.use_hierarchy takes nothing but 1.
 *
 * @module
 */
import { EINVAL } from "../errno.ts";
import type { mem_cgroup } from "../memcontrol-types.ts";
import type { page_counter } from "../page_counter.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "bef8620cd8e0",
  subject: "mm: memcg: deprecate the non-hierarchical mode",
  version: "v5.11",
  needs: ["8de15e920dc8"],
}, {
  mem_cgroup_inherit_hierarchy(_memcg: mem_cgroup, parent: mem_cgroup | null): page_counter | null {
    return parent ? parent.memory : null;
  },

  mem_cgroup_is_descendant(memcg: mem_cgroup, root: mem_cgroup): boolean {
    if (root === memcg) return true;
    for (let css = memcg.css; css; css = css.parent!) if (css === root.css) return true;
    return false;
  },

  mem_cgroup_hierarchy_write(_memcg: mem_cgroup, val: number): number {
    return val === 1 ? 0 : -EINVAL; // and the kernel log says once that the mode is gone
  },
});
