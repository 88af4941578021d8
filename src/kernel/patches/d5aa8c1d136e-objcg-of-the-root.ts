/**
 * d5aa8c1d136e ("mm: memcontrol: return root object cgroup for root memory cgroup"), v7.1.
 *
 * Looking up an objcg ends at the root's at the latest, of which nobody counts references. Who accounts
 * kernel memory asks whether it is that one, and does not account then.
 *
 * @module
 */
import { active_memcg } from "../active-memcg.ts";
import type { gfp_t } from "../errno.ts";
import { obj_cgroup_get, obj_cgroup_tryget } from "../memcontrol-objcg.ts";
import { parent_mem_cgroup } from "../memcontrol.ts";
import {
  type mem_cgroup,
  type obj_cgroup,
  type page,
  root_mem_cgroup,
} from "../memcontrol-types.ts";
import { percpu_ref_get_many, percpu_ref_put_many, percpu_ref_tryget } from "../percpu-refcount.ts";
import { rcu_dereference, rcu_dereference_check } from "../rcu.ts";
import { in_task } from "../spinlock.ts";
import type { Lvalue, Ptr } from "../../machine/memory/struct_type.ts";
import { task_objcg } from "./1aacbd354313-direct-objcg-pointer.ts";
import { obj_cgroup_is_root } from "./aa01ec1325e2-objcg-of-every-memcg.ts";
import { obj_cgroup_charge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { current_obj_cgroup } from "./e86828e5446d-scoped-objcg-protection.ts";
import { commit } from "./patch.ts";

/** Where a cgroup keeps its objcg. */
type Place = (memcg: mem_cgroup) => Lvalue<Ptr<obj_cgroup>>;

/** The body of __get_obj_cgroup_from_memcg(). */
export function get_up_to_root(from: mem_cgroup, place: Place): obj_cgroup | null {
  for (let memcg: mem_cgroup | null = from; memcg; memcg = parent_mem_cgroup(memcg)) {
    const objcg = rcu_dereference(place(memcg));
    if (objcg && obj_cgroup_tryget(objcg)) return objcg;
  }
  return null;
}

/** The body of current_obj_cgroup(). */
export function current_or_root(place: Place): obj_cgroup | null {
  const active = active_memcg();
  const own = !active && in_task() ? task_objcg() : null;
  if (own) return own;
  for (let memcg = active; memcg; memcg = parent_mem_cgroup(memcg)) {
    const objcg = rcu_dereference_check(place(memcg), true);
    if (objcg) return objcg;
  }
  return rcu_dereference_check(place(root_mem_cgroup()), true);
}

/** current_obj_cgroup() of whoever accounts kernel memory: not the root's. */
export function current_kmem_objcg(): obj_cgroup | null {
  const objcg = current_obj_cgroup();
  return objcg && !obj_cgroup_is_root(objcg) ? objcg : null;
}

const place: Place = (memcg) => memcg.$objcg;

export default commit({
  commit: "d5aa8c1d136e",
  subject: "mm: memcontrol: return root object cgroup for root memory cgroup",
  version: "v7.1",
  needs: ["1aacbd354313", "aa01ec1325e2", "e74d225910ec", "e86828e5446d", "f4840ccfca25"],
}, {
  obj_cgroup_tryget: (objcg: obj_cgroup): boolean =>
    obj_cgroup_is_root(objcg) || percpu_ref_tryget(objcg.refcnt),

  obj_cgroup_get(objcg: obj_cgroup): void {
    if (!obj_cgroup_is_root(objcg)) percpu_ref_get_many(objcg.refcnt, 1);
  },

  obj_cgroup_put(objcg: obj_cgroup): void {
    if (!obj_cgroup_is_root(objcg)) percpu_ref_put_many(objcg.refcnt, 1);
  },

  __get_obj_cgroup_from_memcg: (memcg: mem_cgroup): obj_cgroup | null =>
    get_up_to_root(memcg, place),

  current_obj_cgroup: (): obj_cgroup | null => current_or_root(place),

  __memcg_kmem_charge_page(page: page, gfp: gfp_t, order: number): number {
    const objcg = current_kmem_objcg();
    if (!objcg) return 0;
    const ret = obj_cgroup_charge_pages(objcg, gfp, 1 << order);
    if (!ret) {
      obj_cgroup_get(objcg);
      page.objcg = objcg;
    }
    return ret;
  },

  // MODEL: nobody who takes the objcg of the task or of active_memcg charges the root's.
  get_obj_cgroup_from_current(): obj_cgroup | null {
    const objcg = current_kmem_objcg();
    if (objcg) obj_cgroup_get(objcg);
    return objcg;
  },
});
