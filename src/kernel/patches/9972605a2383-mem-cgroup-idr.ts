/**
 * 9972605a2383 ("memcg: protect concurrent access to mem_cgroup_idr"), v6.11, CVE-2024-43892.
 *
 * Ids are given out under cgroup_mutex, but given back by whoever puts the last reference. A lock of
 * their own protects both.
 *
 * @module
 */
import { idr_alloc, idr_remove } from "../idr.ts";
import type { mem_cgroup } from "../memcontrol-types.ts";
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from "../spinlock.ts";
import { MEM_CGROUP_ID_MAX, mem_cgroup_idr } from "../memcontrol-id.ts";
import { commit } from "./patch.ts";

const memcg_idr_lock = DEFINE_SPINLOCK("memcg_idr_lock");

export default commit({
  commit: "9972605a2383",
  subject: "memcg: protect concurrent access to mem_cgroup_idr",
  version: "v6.11",
  fixes: ["B36"],
}, {
  mem_cgroup_alloc_id(): number {
    spin_lock(memcg_idr_lock);
    const ret = idr_alloc(mem_cgroup_idr, null, 1, MEM_CGROUP_ID_MAX);
    spin_unlock(memcg_idr_lock);
    return ret;
  },

  mem_cgroup_id_remove(memcg: mem_cgroup): void {
    if (memcg.id.id > 0) {
      spin_lock(memcg_idr_lock);
      idr_remove(mem_cgroup_idr, memcg.id.id);
      spin_unlock(memcg_idr_lock);
      memcg.id.id = 0;
    }
  },
});
