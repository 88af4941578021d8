/**
 * What would mend h04 since v6.7; no commit of the kernel does. A css that never came online gives its id back
 * when it is freed.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import type { cgroup_subsys_state } from "../cgroup.ts";
import { mem_cgroup_id_remove } from "../memcontrol-id.ts";
import { obj_cgroup_put } from "../memcontrol-objcg.ts";
import { mem_cgroup } from "../memcontrol-types.ts";
import { kfree } from "../slab.ts";
import { patch } from "./patch.ts";

export default patch("h04-id-of-a-failed-css", "mm: memcontrol: no id outlives its css", {
  mem_cgroup_css_free(css: cgroup_subsys_state): void {
    const memcg = container_of(css, mem_cgroup);
    mem_cgroup_id_remove(memcg);
    const objcg = memcg.orig_objcg; // __mem_cgroup_free()
    if (objcg) obj_cgroup_put(objcg);
    kfree(memcg);
  },
});
