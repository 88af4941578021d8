/**
 * e74d225910ec ("mm: memcontrol: introduce obj_cgroup_{un}charge_pages"), v5.13.
 *
 * Charging and uncharging pages through an objcg, with the memcg held meanwhile, in one place each.
 * obj_cgroup_release() uses it too, so it takes a reference under css_set_lock.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { atomic_add, atomic_read } from "../../machine/memory/access.ts";
import { container_of } from "../../machine/memory/struct.ts";
import { css_put, css_set_lock, css_tryget } from "../cgroup.ts";
import type { gfp_t } from "../errno.ts";
import { list_del } from "../list.ts";
import {
  consume_obj_stock,
  obj_cgroup_memcg,
  obj_cgroup_put,
  refill_obj_stock,
} from "../memcontrol-objcg.ts";
import { __memcg_kmem_charge, __memcg_kmem_uncharge } from "../memcontrol.ts";
import {
  type mem_cgroup,
  type memcg_stock_pcp,
  obj_cgroup,
  PAGE_SHIFT,
  PAGE_SIZE,
} from "../memcontrol-types.ts";
import { type percpu_ref, percpu_ref_exit } from "../percpu-refcount.ts";
import { kfree_rcu, rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { spin_lock_irqsave, spin_unlock_irqrestore } from "../spinlock.ts";
import { commit } from "./patch.ts";

/** get_mem_cgroup_from_objcg(): with a reference. Context: any. */
export const get_mem_cgroup_from_objcg = kernel(
  "get_mem_cgroup_from_objcg",
  (objcg: obj_cgroup): mem_cgroup => {
    rcu_read_lock();
    let memcg: mem_cgroup;
    do memcg = obj_cgroup_memcg(objcg)!; while (!css_tryget(memcg.css));
    rcu_read_unlock();
    return memcg;
  },
  { inline: true },
);

/** obj_cgroup_uncharge_pages() Context: any; the caller owns a reference to the objcg. */
export const obj_cgroup_uncharge_pages = kernel(
  "obj_cgroup_uncharge_pages",
  (objcg: obj_cgroup, nr_pages: number): void => {
    const memcg = get_mem_cgroup_from_objcg(objcg);
    __memcg_kmem_uncharge(memcg, nr_pages);
    css_put(memcg.css);
  },
);

/** obj_cgroup_charge_pages() Context: any; may sleep if gfp says so; as for the uncharge. */
export const obj_cgroup_charge_pages = kernel(
  "obj_cgroup_charge_pages",
  (objcg: obj_cgroup, gfp: gfp_t, nr_pages: number): number => {
    const memcg = get_mem_cgroup_from_objcg(objcg);
    const ret = __memcg_kmem_charge(memcg, gfp, nr_pages);
    css_put(memcg.css);
    return ret;
  },
);

export default commit({
  commit: "e74d225910ec",
  subject: "mm: memcontrol: introduce obj_cgroup_{un}charge_pages",
  version: "v5.13",
  needs: ["bf4f059954dc", "3de7d4f25a74", "9f38f03ae8d5"],
  adds: ["get_mem_cgroup_from_objcg", "obj_cgroup_uncharge_pages", "obj_cgroup_charge_pages"],
}, {
  drain_obj_stock(stock: memcg_stock_pcp): void {
    const old = stock.cached_objcg;
    if (!old) return;
    if (stock.nr_bytes) {
      const nr_pages = stock.nr_bytes >>> PAGE_SHIFT;
      const nr_bytes = stock.nr_bytes & (PAGE_SIZE - 1);
      if (nr_pages) obj_cgroup_uncharge_pages(old, nr_pages);
      atomic_add(nr_bytes, old.$nr_charged_bytes);
      stock.nr_bytes = 0;
    }
    obj_cgroup_put(old);
    stock.cached_objcg = null;
  },

  obj_cgroup_charge(objcg: obj_cgroup, gfp: gfp_t, size: number): number {
    if (consume_obj_stock(objcg, size)) return 0;
    let nr_pages = size >>> PAGE_SHIFT;
    const nr_bytes = size & (PAGE_SIZE - 1);
    if (nr_bytes) nr_pages += 1;
    const ret = obj_cgroup_charge_pages(objcg, gfp, nr_pages);
    if (!ret && nr_bytes) refill_obj_stock(objcg, PAGE_SIZE - nr_bytes);
    return ret;
  },

  obj_cgroup_release(ref: percpu_ref): void {
    const objcg = container_of(ref, obj_cgroup);
    const nr_bytes = atomic_read(objcg.$nr_charged_bytes);
    WARN_ON_ONCE(nr_bytes & (PAGE_SIZE - 1), `nr_charged_bytes is ${nr_bytes}`);
    const nr_pages = nr_bytes >>> PAGE_SHIFT;
    const flags = spin_lock_irqsave(css_set_lock);
    const memcg = obj_cgroup_memcg(objcg)!;
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
    list_del(objcg.list);
    css_put(memcg.css); // mem_cgroup_put()
    spin_unlock_irqrestore(css_set_lock, flags);
    percpu_ref_exit(ref);
    kfree_rcu(objcg.rcu);
  },
});
