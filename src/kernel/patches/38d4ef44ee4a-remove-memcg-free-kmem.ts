/**
 * 38d4ef44ee4a ("mm/memcg: remove obsolete memcg_free_kmem()"), v5.16.
 *
 * mem_cgroup_css_free() takes kmem offline by itself, for a cgroup that failed to come online.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import type { cgroup_subsys_state } from "../cgroup.ts";
import { memcg_offline_kmem } from "../memcontrol-css.ts";
import { mem_cgroup } from "../memcontrol-types.ts";
import { kfree } from "../slab.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "38d4ef44ee4a",
  subject: "mm/memcg: remove obsolete memcg_free_kmem()",
  version: "v5.16",
}, {
  mem_cgroup_css_free(css: cgroup_subsys_state): void {
    const memcg = container_of(css, mem_cgroup);
    memcg_offline_kmem(memcg);
    kfree(memcg); // mem_cgroup_free()
  },
});
