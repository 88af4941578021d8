/**
 * 8de15e920dc8 ("mm: memcg: link page counters to root if use_hierarchy is false"), v5.10: without
 * use_hierarchy, the counters of a cgroup are below those of the root, to which its objcgs go. So what they
 * uncharge there was charged, and parent_mem_cgroup() is not NULL.
 *
 * @module
 */
import { set_use_hierarchy, use_hierarchy } from "../memcontrol-hierarchy.ts";
import { type mem_cgroup, root_mem_cgroup } from "../memcontrol-types.ts";
import type { page_counter } from "../page_counter.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "8de15e920dc8",
  subject: "mm: memcg: link page counters to root if use_hierarchy is false",
  version: "v5.10",
  fixes: ["B5", "k03"],
}, {
  mem_cgroup_inherit_hierarchy(memcg: mem_cgroup, parent: mem_cgroup | null): page_counter | null {
    if (!parent) return null;
    if (!use_hierarchy(parent)) return root_mem_cgroup().memory;
    set_use_hierarchy(memcg);
    return parent.memory;
  },
});
