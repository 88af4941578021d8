/**
 * What would mend h04 in v5.17; no commit of the kernel does. A css that never came online gives its id back
 * when it is freed.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import type { cgroup_subsys_state } from "../cgroup.ts";
import { memcg_offline_kmem } from "../memcontrol-css.ts";
import { mem_cgroup_id_remove } from "../memcontrol-id.ts";
import { mem_cgroup } from "../memcontrol-types.ts";
import { kfree } from "../slab.ts";
import { patch } from "./patch.ts";

export default patch("h04-id-of-a-failed-css", "mm: memcontrol: no id outlives its css", {
  mem_cgroup_css_free(css: cgroup_subsys_state): void {
    const memcg = container_of(css, mem_cgroup);
    memcg_offline_kmem(memcg);
    mem_cgroup_id_remove(memcg);
    kfree(memcg);
  },
});
