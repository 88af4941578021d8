/**
 * 37d5985c003d ("mm: kmem: prepare remote memcg charging infra for interrupt contexts"), v5.10.
 *
 * An interrupt names the cgroup to charge in a variable of its CPU (active-memcg.ts). get_active_memcg()
 * takes a reference to the one that is named, and returns the one that the interrupted task names.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { active_memcg } from "../active-memcg.ts";
import { css_tryget } from "../cgroup.ts";
import { obj_cgroup_tryget } from "../memcontrol-objcg.ts";
import { mem_cgroup_from_task, mem_cgroup_is_root, parent_mem_cgroup } from "../memcontrol.ts";
import { type mem_cgroup, type obj_cgroup, root_mem_cgroup } from "../memcontrol-types.ts";
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { current } from "../sched.ts";
import { get_mem_cgroup_from_mm, memcg_kmem_bypass } from "./279c3393e2c1-memcg-kmem-bypass.ts";
import { commit } from "./patch.ts";

/** get_active_memcg(): with a reference. Context: any; whoever named it holds one. */
const get_active_memcg = kernel("get_active_memcg", (): mem_cgroup | null => {
  rcu_read_lock();
  let memcg = active_memcg();
  if (memcg) {
    const dead = !css_tryget(memcg.css);
    WARN_ON_ONCE(dead, "nobody holds the active memcg");
    memcg = dead ? root_mem_cgroup() : current().active_memcg as mem_cgroup | null;
  }
  rcu_read_unlock();
  return memcg;
});

export default commit({
  commit: "37d5985c003d",
  subject: "mm: kmem: prepare remote memcg charging infra for interrupt contexts",
  version: "v5.10",
  brings: ["k01"],
  needs: ["279c3393e2c1"],
  adds: ["get_active_memcg"],
}, {
  get_obj_cgroup_from_current(): obj_cgroup | null {
    if (memcg_kmem_bypass()) return null;
    let objcg: obj_cgroup | null = null;
    rcu_read_lock();
    let memcg = active_memcg() ? active_memcg()! : mem_cgroup_from_task(current());
    for (; !mem_cgroup_is_root(memcg); memcg = parent_mem_cgroup(memcg)!) {
      objcg = rcu_dereference(memcg.$objcg);
      if (objcg && obj_cgroup_tryget(objcg)) break;
    }
    rcu_read_unlock();
    return objcg;
  },

  get_mem_cgroup_from_current(): mem_cgroup | null {
    if (memcg_kmem_bypass()) return null;
    return active_memcg() ? get_active_memcg() : get_mem_cgroup_from_mm();
  },
});
