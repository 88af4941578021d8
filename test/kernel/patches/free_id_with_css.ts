/**
 * What would mend h04: a css that never came online gives its id back when it is freed.
 */
import { container_of } from "../../../src/machine/memory/struct.ts";
import type { cgroup_subsys_state } from "../../../src/kernel/cgroup.ts";
import { memcg_offline_kmem } from "../../../src/kernel/memcontrol-css.ts";
import { mem_cgroup_id_remove } from "../../../src/kernel/memcontrol-id.ts";
import * as memcgTypes from "../../../src/kernel/memcontrol-types.ts";
import { mem_cgroup } from "../../../src/kernel/memcontrol-types.ts";
import { kfree } from "../../../src/kernel/slab.ts";
import { patch } from "../../../src/kernel/patches/patch.ts";

const { KMEM_ONLINE } = memcgTypes;

export default patch("free_id_with_css", "mm: memcontrol: no id outlives its css", {
  mem_cgroup_css_free(css: cgroup_subsys_state): void {
    const memcg = container_of(css, mem_cgroup);
    if (memcg.kmem_state === KMEM_ONLINE) memcg_offline_kmem(memcg);
    mem_cgroup_id_remove(memcg);
    kfree(memcg);
  },
});
