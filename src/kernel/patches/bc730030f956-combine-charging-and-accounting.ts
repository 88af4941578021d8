/**
 * bc730030f956 ("memcg: combine slab obj stock charging and accounting"), v6.16.
 *
 * Bytes and statistics of an object change in one visit to the stock. An object is charged once its
 * vector is there.
 *
 * @module
 */
import { READ_ONCE } from "../../machine/memory/access.ts";
import { kernel } from "../../machine/calls/registry.ts";
import { prototype } from "../../machine/calls/prototype.ts";
import type { gfp_t } from "../errno.ts";
import { obj_cgroup_get, obj_cgroup_put } from "../memcontrol-objcg.ts";
import {
  kmem_object,
  memcg_stock,
  type obj_cgroup,
  type obj_stock,
  PAGE_SHIFT,
  PAGE_SIZE,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import { obj_full_size } from "../slab-hooks.ts";
import { kfree, kmalloc_may_fail, kzalloc } from "../slab.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import { NODE_DATA, type pglist_data } from "../vmstat.ts";
import { cut_pages } from "./5387c90490f7-improve-refill-obj-stock.ts";
import { stock_lock } from "./567511462387-local-lock.ts";
import { cache_stat, flush_stats } from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { replace_stock_objcg } from "./ae51c775aa2b-put-inside-drain-obj-stock.ts";
import {
  obj_cgroup_charge_pages,
  obj_cgroup_uncharge_pages,
} from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { current_obj_cgroup } from "./e86828e5446d-scoped-objcg-protection.ts";
import { cache_vmstat_idx } from "./fdbcb2a6d677-mod-objcg-state.ts";
import { commit } from "./patch.ts";

/** `pgdat` is NULL for what is no slab object. */
export type Node = pglist_data | null;

/** Since bc730030f956. */
export const consume_obj_stock = prototype<
  (objcg: obj_cgroup, nr_bytes: number, pgdat: Node, idx: number) => boolean
>("consume_obj_stock", 4);
/** Since bc730030f956: `nr_acct` is what the statistics change by. */
export const refill_obj_stock = prototype<
  (
    objcg: obj_cgroup,
    nr_bytes: number,
    allow_uncharge: boolean,
    nr_acct: number,
    pgdat: Node,
    idx: number,
  ) => void
>("refill_obj_stock", 6);

/** __account_obj_stock() Context: the stock's lock; the stock is that of `objcg`. */
export const __account_obj_stock = kernel(
  "__account_obj_stock",
  (objcg: obj_cgroup, stock: obj_stock, nr: number, pgdat: pglist_data, idx: number): void => {
    if (stock.cached_pgdat !== pgdat) {
      flush_stats(stock, objcg, stock.cached_pgdat!);
      stock.cached_pgdat = pgdat;
    }
    cache_stat(stock, objcg, pgdat, idx, nr);
  },
  { inline: true },
);

/** The middle of consume_obj_stock(). Context: the stock's lock. */
export function consume_from(
  stock: obj_stock,
  objcg: obj_cgroup,
  nr_bytes: number,
  pgdat: Node,
  idx: number,
): boolean {
  if (objcg !== READ_ONCE(stock.$cached_objcg) || stock.nr_bytes < nr_bytes) return false;
  stock.nr_bytes -= nr_bytes;
  if (pgdat) __account_obj_stock(objcg, stock, nr_bytes, pgdat, idx);
  return true;
}

/** The middle of refill_obj_stock(): the pages that are left over. Context: the stock's lock. */
export function refill_into(
  stock: obj_stock,
  objcg: obj_cgroup,
  nr_bytes: number,
  allow_uncharge: boolean,
  nr_acct: number,
  pgdat: Node,
  idx: number,
): number {
  if (READ_ONCE(stock.$cached_objcg) !== objcg) { // reset if necessary
    replace_stock_objcg(stock, objcg);
    allow_uncharge = true;
  }
  stock.nr_bytes += nr_bytes;
  if (pgdat) __account_obj_stock(objcg, stock, nr_acct, pgdat, idx);
  return allow_uncharge ? cut_pages(stock) : 0;
}

/** obj_cgroup_charge_account() Context: any; may sleep if gfp says so. */
export const obj_cgroup_charge_account = kernel(
  "obj_cgroup_charge_account",
  (objcg: obj_cgroup, gfp: gfp_t, size: number, pgdat: Node, idx: number): number => {
    if (consume_obj_stock(objcg, size, pgdat, idx)) return 0;
    let nr_pages = size >>> PAGE_SHIFT;
    const nr_bytes = size & (PAGE_SIZE - 1);
    if (nr_bytes) nr_pages += 1;
    const ret = obj_cgroup_charge_pages(objcg, gfp, nr_pages);
    if (!ret && (nr_bytes || pgdat)) {
      refill_obj_stock(objcg, nr_bytes ? PAGE_SIZE - nr_bytes : 0, false, size, pgdat, idx);
    }
    return ret;
  },
);

/** __memcg_slab_post_alloc_hook() for one object: whether it may be used. */
function charge_object(object: kmem_object, gfp: gfp_t, size: number): boolean {
  const objcg = current_obj_cgroup();
  if (!objcg) return true;
  if (!kmalloc_may_fail(gfp)) return true; // alloc_slab_obj_exts()
  const full = obj_full_size(size);
  const idx = cache_vmstat_idx(object);
  if (obj_cgroup_charge_account(objcg, gfp, full, object.pgdat!, idx)) return false;
  obj_cgroup_get(objcg);
  object.objcg = objcg;
  return true;
}

export default commit({
  commit: "bc730030f956",
  subject: "memcg: combine slab obj stock charging and accounting",
  version: "v6.16",
  needs: ["5387c90490f7", "567511462387", "68ac5b3c8db2", "9f9796b413d3", "ae51c775aa2b"]
    .concat("e74d225910ec", "e86828e5446d", "fdbcb2a6d677"),
  adds: ["__account_obj_stock", "obj_cgroup_charge_account"],
}, {
  consume_obj_stock(objcg: obj_cgroup, nr_bytes: number, pgdat: Node, idx: number): boolean {
    const flags = local_lock_irqsave(stock_lock);
    const ret = consume_from(this_cpu_ptr(memcg_stock), objcg, nr_bytes, pgdat, idx);
    local_unlock_irqrestore(stock_lock, flags);
    return ret;
  },

  refill_obj_stock(
    objcg: obj_cgroup,
    nr_bytes: number,
    allow_uncharge: boolean,
    nr_acct: number,
    pgdat: Node,
    idx: number,
  ): void {
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    const nr_pages = refill_into(stock, objcg, nr_bytes, allow_uncharge, nr_acct, pgdat, idx);
    local_unlock_irqrestore(stock_lock, flags);
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
  },

  obj_cgroup_charge: (objcg: obj_cgroup, gfp: gfp_t, size: number): number =>
    obj_cgroup_charge_account(objcg, gfp, size, null, 0),

  obj_cgroup_uncharge: (objcg: obj_cgroup, size: number): void =>
    refill_obj_stock(objcg, size, true, 0, null, 0),

  kmem_cache_alloc_node(
    size: number,
    gfp: gfp_t,
    node: number,
    reclaimable: number,
  ): kmem_object | null {
    const object = kzalloc(kmem_object, gfp);
    if (!object) return null;
    object.size = size;
    object.pgdat = NODE_DATA(node);
    object.reclaimable = reclaimable;
    if (charge_object(object, gfp, size)) return object;
    kfree(object); // memcg_alloc_abort_single()
    return null;
  },

  memcg_slab_free_hook(object: kmem_object): void {
    const objcg = object.objcg;
    if (!objcg) return;
    object.objcg = null;
    const size = obj_full_size(object.size);
    refill_obj_stock(objcg, size, true, -size, object.pgdat, cache_vmstat_idx(object));
    obj_cgroup_put(objcg);
  },
});
