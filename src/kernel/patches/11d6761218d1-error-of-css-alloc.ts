/**
 * 11d6761218d1 ("mm, memcg: fix error return value of mem_cgroup_css_alloc()"), v5.7: the error that
 * there was is returned, which is -ENOSPC when there are too many cgroups.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import type { cgroup_subsys_state } from "../cgroup.ts";
import { ENOMEM, GFP_KERNEL, IS_ERR } from "../errno.ts";
import { INIT_LIST_HEAD } from "../list.ts";
import { mem_cgroup_alloc, memcg_online_kmem } from "../memcontrol-css.ts";
import { mem_cgroup_inherit_hierarchy } from "../memcontrol-hierarchy.ts";
import {
  mem_cgroup_alloc_id,
  mem_cgroup_id_remove,
  mem_cgroup_publish_id,
} from "../memcontrol-id.ts";
import { KMEM_NONE, mem_cgroup } from "../memcontrol-types.ts";
import { page_counter_init } from "../page_counter.ts";
import { kfree, kmalloc_may_fail, kzalloc } from "../slab.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "11d6761218d1",
  subject: "mm, memcg: fix error return value of mem_cgroup_css_alloc()",
  version: "v5.7",
}, {
  mem_cgroup_alloc(): mem_cgroup | number {
    let error = -ENOMEM;
    const memcg = kzalloc(mem_cgroup, GFP_KERNEL);
    if (!memcg) return error;
    memcg.id.id = mem_cgroup_alloc_id();
    if (memcg.id.id < 0) error = memcg.id.id;
    if (memcg.id.id < 0 || !kmalloc_may_fail(GFP_KERNEL)) { // vmstats_percpu
      mem_cgroup_id_remove(memcg);
      kfree(memcg); // __mem_cgroup_free()
      return error;
    }
    memcg.kmemcg_id = -1;
    memcg.kmem_state = KMEM_NONE;
    INIT_LIST_HEAD(memcg.objcg_list);
    mem_cgroup_publish_id(memcg);
    return memcg;
  },

  mem_cgroup_css_alloc(parent_css: cgroup_subsys_state | null): cgroup_subsys_state | number {
    const memcg = mem_cgroup_alloc() as mem_cgroup | number;
    if (IS_ERR(memcg)) return memcg;
    if (!parent_css) {
      page_counter_init(memcg.memory, null);
      return memcg.css;
    }
    const parent = container_of(parent_css, mem_cgroup);
    page_counter_init(memcg.memory, mem_cgroup_inherit_hierarchy(memcg, parent));
    const error = memcg_online_kmem(memcg);
    if (error) {
      mem_cgroup_id_remove(memcg);
      kfree(memcg); // mem_cgroup_free()
      return error;
    }
    return memcg.css;
  },
});
