/**
 * The obj_cgroup API as posted — "[PATCH v2 15/28] mm: memcg/slab: obj_cgroup API", Message-ID
 * 20200127173453.2089565-16-guro@fb.com; its review is 20200203193158.GH1697@cmpxchg.org.
 *
 * The review quotes most of the patch. The rest is reconstructed and has a MODEL note.
 *
 * @module
 */
import { atomic_add, atomic_read, READ_ONCE, xchg } from "../machine/memory/access.ts";
import { WARN_ON_ONCE } from "../machine/findings/warn.ts";
import { kernel } from "../machine/calls/registry.ts";
import { container_of } from "../machine/memory/struct.ts";
import { css_get, css_put, css_set_lock } from "./cgroup.ts";
import { GFP_KERNEL, type gfp_t } from "./errno.ts";
import { INIT_LIST_HEAD, list_del, list_splice } from "./list.ts";
import {
  __memcg_kmem_charge,
  __memcg_kmem_uncharge,
  mem_cgroup_from_task,
  mem_cgroup_is_descendant,
  mem_cgroup_is_root,
} from "./memcontrol.ts";
import {
  mem_cgroup,
  memcg_stock,
  memcg_stock_lock,
  type memcg_stock_pcp,
  obj_cgroup,
  type obj_stock,
  PAGE_SHIFT,
  PAGE_SIZE,
  this_cpu_ptr,
} from "./memcontrol-types.ts";
import {
  percpu_ref,
  percpu_ref_exit,
  percpu_ref_get_many,
  percpu_ref_init,
  percpu_ref_kill,
  percpu_ref_put_many,
  percpu_ref_tryget,
} from "./percpu-refcount.ts";
import {
  kfree_rcu,
  rcu_dereference,
  rcu_read_lock,
  rcu_read_unlock,
  rcu_replace_pointer,
} from "./rcu.ts";
import { current } from "./sched.ts";
import { kfree, kzalloc } from "./slab.ts";
import {
  local_lock_irqsave,
  local_unlock_irqrestore,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock_irq,
  spin_unlock_irqrestore,
} from "./spinlock.ts";
import { has } from "./version.ts";

/** obj_cgroup_tryget() Context: rcu_read_lock(). */
export const obj_cgroup_tryget = kernel(
  "obj_cgroup_tryget",
  (objcg: obj_cgroup): boolean => percpu_ref_tryget(objcg.refcnt),
  { inline: true },
);

/** obj_cgroup_get() Context: any; the caller owns a reference. */
export const obj_cgroup_get = kernel(
  "obj_cgroup_get",
  (objcg: obj_cgroup): void => percpu_ref_get_many(objcg.refcnt, 1),
  { inline: true },
);

/** obj_cgroup_put() Context: any. The last put calls obj_cgroup_release() itself. */
export const obj_cgroup_put = kernel(
  "obj_cgroup_put",
  (objcg: obj_cgroup): void => percpu_ref_put_many(objcg.refcnt, 1),
  { inline: true },
);

/**
 * obj_cgroup_memcg() Context: rcu_read_lock() or css_set_lock, as long as the memcg is used. Later kernels
 * (6.12.117, not yet 6.8.1) assert RCU or cgroup_mutex; law R6 of `ownership` does so for all.
 */
export const obj_cgroup_memcg = kernel(
  "obj_cgroup_memcg",
  (objcg: obj_cgroup): mem_cgroup | null => READ_ONCE(objcg.$memcg),
  { inline: true },
);

/** obj_cgroup_release() Context: any. The last reference is gone. */
export const obj_cgroup_release = kernel("obj_cgroup_release", (ref: percpu_ref): void => {
  const objcg = container_of(ref, obj_cgroup);
  const nr_bytes = atomic_read(objcg.$nr_charged_bytes);
  WARN_ON_ONCE(nr_bytes & (PAGE_SIZE - 1), `nr_charged_bytes is ${nr_bytes}`);
  const nr_pages = nr_bytes >>> PAGE_SHIFT;
  if (nr_pages) {
    rcu_read_lock();
    __memcg_kmem_uncharge(obj_cgroup_memcg(objcg)!, nr_pages);
    rcu_read_unlock();
  }
  const flags = spin_lock_irqsave(css_set_lock);
  list_del(objcg.list);
  css_put(obj_cgroup_memcg(objcg)!.css); // mem_cgroup_put()
  spin_unlock_irqrestore(css_set_lock, flags);
  percpu_ref_exit(ref);
  kfree_rcu(objcg.rcu);
});

/** obj_cgroup_alloc() Context: may sleep. */
export const obj_cgroup_alloc = kernel("obj_cgroup_alloc", (): obj_cgroup | null => {
  const objcg = kzalloc(obj_cgroup, GFP_KERNEL);
  if (!objcg) return null;
  const ret = percpu_ref_init(objcg.refcnt, obj_cgroup_release, 0, GFP_KERNEL);
  if (ret) {
    kfree(objcg);
    return null;
  }
  INIT_LIST_HEAD(objcg.list);
  return objcg;
});

/** memcg_reparent_objcgs() Context: cgroup_mutex, from css_offline. */
export const memcg_reparent_objcgs = kernel(
  "memcg_reparent_objcgs",
  (memcg: mem_cgroup, parent: mem_cgroup): void => {
    let objcg = rcu_replace_pointer(memcg.$objcg, null, true)!;
    // Paired with mem_cgroup_put() in obj_cgroup_release().
    css_get(memcg.css);
    percpu_ref_kill(objcg.refcnt);
    spin_lock_irq(css_set_lock);
    for (let pos = memcg.objcg_list.next!; pos !== memcg.objcg_list; pos = pos.next!) {
      objcg = container_of(pos, obj_cgroup);
      css_get(parent.css);
      xchg(objcg.$memcg, parent);
      css_put(memcg.css);
    }
    // MODEL: the quotation ends before the splice. Without it, release would corrupt the lists.
    list_splice(memcg.objcg_list, parent.objcg_list);
    spin_unlock_irq(css_set_lock);
  },
);

/**
 * get_obj_cgroup_from_current(): an objcg with a reference, or NULL for "do not account". Context:
 * task.
 *
 * MODEL: the quotation does not have this function. Later patches of the series look up
 * memcg->objcg of the task's memcg, and do not account the object if the pointer is NULL.
 */
export const get_obj_cgroup_from_current = kernel(
  "get_obj_cgroup_from_current",
  (): obj_cgroup | null => {
    let objcg: obj_cgroup | null = null;
    if (!current().mm && !current().active_memcg) return null;
    rcu_read_lock();
    const active = current().active_memcg as mem_cgroup | null;
    const memcg = active ?? mem_cgroup_from_task(current());
    if (!mem_cgroup_is_root(memcg)) {
      objcg = rcu_dereference(memcg.$objcg);
      if (objcg && !obj_cgroup_tryget(objcg)) objcg = null;
    }
    rcu_read_unlock();
    return objcg;
  },
);

/** consume_obj_stock(): take bytes from this CPU's stock. Context: any. */
export const consume_obj_stock = kernel(
  "consume_obj_stock",
  (objcg: obj_cgroup, nr_bytes: number): boolean => {
    let ret = false;
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (objcg === stock.cached_objcg && stock.nr_bytes >= nr_bytes) {
      stock.nr_bytes -= nr_bytes;
      ret = true;
    }
    local_unlock_irqrestore(memcg_stock_lock, flags);
    return ret;
  },
  // bc730030f956 (v6.16) tells it whose statistics change.
  { arity: has("bc730030f956") ? 4 : 2 },
);

/** drain_obj_stock(): uncharge whole pages, park the rest at the objcg. Context: irqs off. */
export const drain_obj_stock = kernel("drain_obj_stock", (stock: obj_stock): void => {
  const old = stock.cached_objcg;
  if (!old) return;
  if (stock.nr_bytes) {
    const nr_pages = stock.nr_bytes >>> PAGE_SHIFT;
    const nr_bytes = stock.nr_bytes & (PAGE_SIZE - 1);
    if (nr_pages) {
      rcu_read_lock();
      __memcg_kmem_uncharge(obj_cgroup_memcg(old)!, nr_pages);
      rcu_read_unlock();
    }
    atomic_add(nr_bytes, old.$nr_charged_bytes);
    stock.nr_bytes = 0;
  }
  obj_cgroup_put(old);
  stock.cached_objcg = null;
});

/** obj_stock_flush_required(): for the stock of any CPU. Context: rcu_read_lock(). */
export const obj_stock_flush_required = kernel(
  "obj_stock_flush_required",
  (stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean => {
    if (stock.cached_objcg) {
      const memcg = obj_cgroup_memcg(stock.cached_objcg!);
      if (memcg && mem_cgroup_is_descendant(memcg, root_memcg)) return true;
    }
    return false;
  },
);

/**
 * refill_obj_stock(): put charged bytes into this CPU's stock. Context: any.
 *
 * Since 5387c90490f7 (v5.14) the caller says whether pages may be uncharged if it is full.
 */
export const refill_obj_stock = kernel(
  "refill_obj_stock",
  (objcg: obj_cgroup, nr_bytes: number, _allow_uncharge?: boolean): void => {
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached_objcg !== objcg) { // reset if necessary
      drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.cached_objcg = objcg;
      stock.nr_bytes = xchg(objcg.$nr_charged_bytes, 0);
    }
    stock.nr_bytes += nr_bytes;
    if (stock.nr_bytes > PAGE_SIZE) drain_obj_stock(stock);
    local_unlock_irqrestore(memcg_stock_lock, flags);
  },
  { arity: has("bc730030f956") ? 6 : 3 }, // as above, and by how much
);

/** obj_cgroup_charge() Context: any; may sleep if gfp says so; the caller owns a reference. */
export const obj_cgroup_charge = kernel(
  "obj_cgroup_charge",
  (objcg: obj_cgroup, gfp: gfp_t, size: number): number => {
    if (consume_obj_stock(objcg, size)) return 0;
    rcu_read_lock();
    const memcg = obj_cgroup_memcg(objcg)!;
    css_get(memcg.css);
    rcu_read_unlock();
    let nr_pages = size >>> PAGE_SHIFT;
    const nr_bytes = size & (PAGE_SIZE - 1);
    if (nr_bytes) nr_pages += 1;
    const ret = __memcg_kmem_charge(memcg, gfp, nr_pages);
    if (!ret && nr_bytes) refill_obj_stock(objcg, PAGE_SIZE - nr_bytes);
    css_put(memcg.css);
    return ret;
  },
);

/** obj_cgroup_uncharge() Context: any; the caller owns a reference. */
export const obj_cgroup_uncharge = kernel(
  "obj_cgroup_uncharge",
  (objcg: obj_cgroup, size: number): void => refill_obj_stock(objcg, size),
);
