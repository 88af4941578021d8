/**
 * 642688681133 ("mm: memcontrol: remove kmemcg_id reparenting"), v5.16.
 *
 * A cgroup that goes offline does not take over its parent's id.
 *
 * @module
 */
import { BUG_ON } from "../../machine/findings/warn.ts";
import { memcg_free_cache_id } from "../memcontrol-css.ts";
import { memcg_reparent_objcgs } from "../memcontrol-objcg.ts";
import { parent_mem_cgroup } from "../memcontrol.ts";
import {
  KMEM_ALLOCATED,
  KMEM_ONLINE,
  type mem_cgroup,
  root_mem_cgroup,
} from "../memcontrol-types.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "642688681133",
  subject: "mm: memcontrol: remove kmemcg_id reparenting",
  version: "v5.16",
  fixes: ["h02"],
}, {
  memcg_offline_kmem(memcg: mem_cgroup): void {
    if (memcg.kmem_state !== KMEM_ONLINE) return;
    memcg.kmem_state = KMEM_ALLOCATED;
    const parent = parent_mem_cgroup(memcg) ?? root_mem_cgroup();
    memcg_reparent_objcgs(memcg, parent);
    const kmemcg_id = memcg.kmemcg_id;
    BUG_ON(kmemcg_id < 0);
    memcg_free_cache_id(kmemcg_id);
  },
});
