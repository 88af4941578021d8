/**
 * 279c3393e2c1 ("mm: kmem: move memcg_kmem_bypass() calls to get_mem/obj_cgroup_from_current()"), v5.10.
 *
 * Whether to account at all is asked where the cgroup is looked up; no behaviour changes.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { context } from "../../machine/context/interrupt.ts";
import { TASK } from "../../machine/layout/contexts.ts";
import { css_put, css_tryget } from "../cgroup.ts";
import type { gfp_t } from "../errno.ts";
import {
  get_obj_cgroup_from_current,
  obj_cgroup_charge,
  obj_cgroup_put,
  obj_cgroup_tryget,
} from "../memcontrol-objcg.ts";
import * as memcontrol from "../memcontrol.ts";
import {
  __memcg_kmem_charge,
  mem_cgroup_from_task,
  mem_cgroup_is_root,
  parent_mem_cgroup,
} from "../memcontrol.ts";
import {
  type kmem_object,
  type mem_cgroup,
  type obj_cgroup,
  type page,
  root_mem_cgroup,
} from "../memcontrol-types.ts";
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { current } from "../sched.ts";
import { alloc_object, obj_full_size } from "../slab-hooks.ts";
import { commit } from "./patch.ts";

/**
 * memcg_kmem_bypass(): whose memory it is cannot be told in an interrupt, nor of a task that has none
 * left. Context: any.
 */
export const memcg_kmem_bypass = kernel(
  "memcg_kmem_bypass",
  (): boolean => context() !== TASK || (!current().mm && !current().active_memcg),
  { inline: true },
);

/** With a reference, since 279c3393e2c1 NULL if memory is not to be accounted. */
export const get_mem_cgroup_from_current: () => mem_cgroup | null =
  memcontrol.get_mem_cgroup_from_current;

/** get_mem_cgroup_from_mm(): the task's own cgroup, with a reference. Context: task. */
export function get_mem_cgroup_from_mm(): mem_cgroup {
  rcu_read_lock();
  let memcg: mem_cgroup;
  do memcg = mem_cgroup_from_task(current()); while (!css_tryget(memcg.css));
  rcu_read_unlock();
  return memcg;
}

export default commit({
  commit: "279c3393e2c1",
  subject: "mm: kmem: move memcg_kmem_bypass() calls to get_mem/obj_cgroup_from_current()",
  version: "v5.10",
  needs: ["964d4bd370d5", "10befea91b61"],
  adds: ["memcg_kmem_bypass"],
}, {
  get_obj_cgroup_from_current(): obj_cgroup | null {
    if (memcg_kmem_bypass()) return null;
    let objcg: obj_cgroup | null = null;
    rcu_read_lock();
    const active = current().active_memcg as mem_cgroup | null;
    let memcg = active ?? mem_cgroup_from_task(current());
    for (; !mem_cgroup_is_root(memcg); memcg = parent_mem_cgroup(memcg)!) {
      objcg = rcu_dereference(memcg.$objcg);
      if (objcg && obj_cgroup_tryget(objcg)) break;
    }
    rcu_read_unlock();
    return objcg;
  },

  get_mem_cgroup_from_current(): mem_cgroup | null {
    if (memcg_kmem_bypass()) return null;
    const active = current().active_memcg as mem_cgroup | null;
    if (!active) return get_mem_cgroup_from_mm();
    rcu_read_lock();
    // The scope that set it holds a reference.
    const memcg = css_tryget(active.css) ? active : root_mem_cgroup();
    rcu_read_unlock();
    return memcg;
  },

  __memcg_kmem_charge_page(page: page, gfp: gfp_t, order: number): number {
    const memcg = get_mem_cgroup_from_current();
    if (!memcg || mem_cgroup_is_root(memcg)) return 0;
    const ret = __memcg_kmem_charge(memcg, gfp, 1 << order);
    if (!ret) {
      page.mem_cgroup = memcg;
      return 0;
    }
    css_put(memcg.css);
    return ret;
  },

  kmem_cache_alloc(size: number, gfp: gfp_t): kmem_object | null {
    let objcg = get_obj_cgroup_from_current();
    if (objcg && obj_cgroup_charge(objcg, gfp, obj_full_size(size))) {
      obj_cgroup_put(objcg);
      objcg = null;
    }
    return alloc_object(objcg, gfp, size);
  },
});
