/**
 * da0efe309444 ("mm: memcontrol: move memcg_online_kmem() to mem_cgroup_css_online()"), v5.18, as
 * a backport to v5.9.
 *
 * kmem comes online with the css. If the rest of css_online fails, it is taken offline there, under
 * cgroup_mutex, while the parent is online. No work item does it any more.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import { type cgroup_subsys_state, css_get } from "../cgroup.ts";
import { ENOMEM, GFP_KERNEL, IS_ERR } from "../errno.ts";
import { mem_cgroup_alloc, memcg_offline_kmem, memcg_online_kmem } from "../memcontrol-css.ts";
import { mem_cgroup_inherit_hierarchy } from "../memcontrol-hierarchy.ts";
import { mem_cgroup_id_remove } from "../memcontrol-id.ts";
import { mem_cgroup_is_root } from "../memcontrol.ts";
import { mem_cgroup } from "../memcontrol-types.ts";
import { page_counter_init } from "../page_counter.ts";
import { refcount_set } from "../refcount.ts";
import { kfree, kmalloc_may_fail } from "../slab.ts";
import { patch } from "./patch.ts";

export default patch(
  "da0efe309444",
  "mm: memcontrol: move memcg_online_kmem() to mem_cgroup_css_online()",
  {
    mem_cgroup_css_alloc(parent_css: cgroup_subsys_state | null): cgroup_subsys_state | number {
      const memcg = mem_cgroup_alloc() as mem_cgroup | number | null;
      if (!memcg) return -ENOMEM;
      if (IS_ERR(memcg)) return memcg;
      const parent = parent_css ? container_of(parent_css, mem_cgroup) : null;
      page_counter_init(memcg.memory, mem_cgroup_inherit_hierarchy(memcg, parent));
      return memcg.css;
    },

    mem_cgroup_css_online(css: cgroup_subsys_state): number {
      const memcg = container_of(css, mem_cgroup);
      if (!mem_cgroup_is_root(memcg) && memcg_online_kmem(memcg)) {
        mem_cgroup_id_remove(memcg);
        return -ENOMEM;
      }
      if (!kmalloc_may_fail(GFP_KERNEL)) { // memcg_alloc_shrinker_maps()
        if (!mem_cgroup_is_root(memcg)) memcg_offline_kmem(memcg);
        mem_cgroup_id_remove(memcg);
        return -ENOMEM;
      }
      refcount_set(memcg.id.ref, 1);
      css_get(css);
      return 0;
    },

    mem_cgroup_css_free(css: cgroup_subsys_state): void {
      kfree(container_of(css, mem_cgroup)); // mem_cgroup_free()
    },
  },
);
