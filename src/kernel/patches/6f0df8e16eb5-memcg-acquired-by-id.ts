/**
 * 6f0df8e16eb5 ("memcontrol: ensure memcg acquired by id is properly set up"), v6.6.
 *
 * The id of a cgroup finds it once it is online, and not before.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import { type cgroup_subsys_state, css_get } from "../cgroup.ts";
import { ENOMEM, GFP_KERNEL } from "../errno.ts";
import { INIT_LIST_HEAD } from "../list.ts";
import { memcg_offline_kmem, memcg_online_kmem } from "../memcontrol-css.ts";
import {
  mem_cgroup_alloc_id,
  mem_cgroup_id_remove,
  mem_cgroup_publish_id,
} from "../memcontrol-id.ts";
import { mem_cgroup_is_root } from "../memcontrol.ts";
import { mem_cgroup } from "../memcontrol-types.ts";
import { refcount_set } from "../refcount.ts";
import { kfree, kmalloc_may_fail, kzalloc } from "../slab.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "6f0df8e16eb5",
  subject: "memcontrol: ensure memcg acquired by id is properly set up",
  version: "v6.6",
  needs: ["da0efe309444"],
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
    INIT_LIST_HEAD(memcg.objcg_list);
    return memcg;
  },

  mem_cgroup_css_online(css: cgroup_subsys_state): number {
    const memcg = container_of(css, mem_cgroup);
    if (!mem_cgroup_is_root(memcg) && memcg_online_kmem(memcg)) {
      mem_cgroup_id_remove(memcg);
      return -ENOMEM;
    }
    if (!kmalloc_may_fail(GFP_KERNEL)) { // alloc_shrinker_info()
      if (!mem_cgroup_is_root(memcg)) memcg_offline_kmem(memcg);
      mem_cgroup_id_remove(memcg);
      return -ENOMEM;
    }
    // Online state pins memcg ID, memcg ID pins CSS.
    refcount_set(memcg.id.ref, 1);
    css_get(css);
    mem_cgroup_publish_id(memcg);
    return 0;
  },
});
