/**
 * 52af721b9421 ("mm: memcg: separate slab stat accounting from objcg charge cache"), v7.1, with the four
 * patches before it, which change no behaviour by themselves.
 *
 * The code for slab objects locks the object stock itself: it takes bytes, or charges pages without the
 * lock and puts back what is left over, and then accounts. Statistics go past a stock that is locked, or
 * that is another objcg's. Pages are uncharged with the lock held.
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
  type obj_cgroup,
  obj_stock,
  type obj_stock_pcp,
  PAGE_SIZE,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import { obj_full_size } from "../slab-hooks.ts";
import { kfree, kmalloc_may_fail, kzalloc } from "../slab.ts";
import { local_trylock, local_unlock } from "../spinlock.ts";
import { has } from "../version.ts";
import { NODE_DATA, type pglist_data } from "../vmstat.ts";
import { type Park, park_bytes } from "./200577f69f29-objcg-stock-trylock.ts";
import { obj_lock } from "./3523dd7af413-lock-of-the-object-stock.ts";
import { cut_pages } from "./5387c90490f7-improve-refill-obj-stock.ts";
import {
  cache_stat,
  flush_stats,
  mod_objcg_mlstate,
} from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { replace_stock_objcg } from "./ae51c775aa2b-put-inside-drain-obj-stock.ts";
import {
  obj_cgroup_charge_pages,
  obj_cgroup_uncharge_pages,
} from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { current_obj_cgroup } from "./e86828e5446d-scoped-objcg-protection.ts";
import { cache_vmstat_idx } from "./fdbcb2a6d677-mod-objcg-state.ts";
import { commit } from "./patch.ts";

const HAS_ROOT = has("d5aa8c1d136e");

/** A stock that this context has locked; NULL if it could not. */
type Stock = obj_stock_pcp | null;

/** Since 52af721b9421 again without statistics. */
const consume_obj_stock = prototype<
  (objcg: obj_cgroup, nr_bytes: number, pgdat: null, idx: number) => boolean
>("consume_obj_stock", 4);
const refill_obj_stock = prototype<
  (
    objcg: obj_cgroup,
    nr_bytes: number,
    allow_uncharge: boolean,
    nr_acct: number,
    pgdat: null,
    idx: number,
  ) => void
>("refill_obj_stock", 6);
/** Of the stock if it is locked, else past it. */
const __account_obj_stock = prototype<
  (objcg: obj_cgroup, stock: Stock, nr: number, pgdat: pglist_data, idx: number) => void
>("__account_obj_stock", 5);

/** trylock_stock() Context: any. */
function trylock_stock(): Stock {
  return local_trylock(obj_lock) ? this_cpu_ptr(obj_stock) : null;
}

/** unlock_stock() */
function unlock_stock(stock: Stock): void {
  if (stock) local_unlock(obj_lock);
}

/** __consume_obj_stock() Context: the stock's lock. */
export const __consume_obj_stock = kernel(
  "__consume_obj_stock",
  (objcg: obj_cgroup, stock: obj_stock_pcp, nr_bytes: number): boolean => {
    if (objcg !== READ_ONCE(stock.$cached_objcg) || stock.nr_bytes < nr_bytes) return false;
    stock.nr_bytes -= nr_bytes;
    return true;
  },
  { inline: true },
);

/** Bytes go into a locked stock: the pages that are left over. */
type Refill<S> = (objcg: obj_cgroup, stock: S, nr_bytes: number, allow_uncharge: boolean) => number;

/** The body of __refill_obj_stock(). */
export function refill_obj_stock_of<S>(
  objcg: obj_cgroup,
  stock: S | null,
  nr_bytes: number,
  allow_uncharge: boolean,
  refill: Refill<S>,
  park: Park = park_bytes,
): void {
  const nr_pages = stock ? refill(objcg, stock, nr_bytes, allow_uncharge) : park(objcg, nr_bytes);
  if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
}

/** The part of it that has a stock. Context: the stock's lock. */
export const refill_locked: Refill<obj_stock_pcp> = (objcg, stock, nr_bytes, allow_uncharge) => {
  if (READ_ONCE(stock.$cached_objcg) !== objcg) { // reset if necessary
    replace_stock_objcg(stock, objcg);
    allow_uncharge = true;
  }
  stock.nr_bytes += nr_bytes;
  return allow_uncharge ? cut_pages(stock) : 0;
};

/** __refill_obj_stock() Context: the stock's lock, or none if there is no stock. */
export const __refill_obj_stock = kernel(
  "__refill_obj_stock",
  (objcg: obj_cgroup, stock: Stock, nr_bytes: number, allow_uncharge: boolean): void =>
    refill_obj_stock_of(objcg, stock, nr_bytes, allow_uncharge, refill_locked),
);

/** __obj_cgroup_charge(): pages; what is left over of them is for the caller. */
export const __obj_cgroup_charge = kernel(
  "__obj_cgroup_charge",
  (objcg: obj_cgroup, gfp: gfp_t, size: number): number =>
    obj_cgroup_charge_pages(objcg, gfp, Math.ceil(size / PAGE_SIZE)),
  { inline: true },
);

/** The remainder of __obj_cgroup_charge(): PAGE_ALIGN(size) - size. */
function remainder_of(size: number): number {
  return Math.ceil(size / PAGE_SIZE) * PAGE_SIZE - size;
}

/** __memcg_slab_post_alloc_hook() for one object: whether it may be used. */
function charge_object(object: kmem_object, gfp: gfp_t, size: number): boolean {
  const objcg = current_obj_cgroup();
  // Since d5aa8c1d136e (v7.1) nobody accounts to the root's objcg.
  if (!objcg || (HAS_ROOT && objcg.is_root !== 0)) return true;
  if (!kmalloc_may_fail(gfp)) return true; // alloc_slab_obj_exts()
  const obj_size = obj_full_size(size);
  let stock = trylock_stock();
  if (!stock || !__consume_obj_stock(objcg, stock, obj_size)) {
    unlock_stock(stock);
    if (__obj_cgroup_charge(objcg, gfp, obj_size)) return false;
    stock = trylock_stock();
    const remainder = remainder_of(obj_size);
    if (remainder) __refill_obj_stock(objcg, stock, remainder, false);
  }
  __account_obj_stock(objcg, stock, obj_size, object.pgdat!, cache_vmstat_idx(object));
  unlock_stock(stock);
  obj_cgroup_get(objcg);
  object.objcg = objcg;
  return true;
}

export default commit({
  commit: "52af721b9421",
  subject: "mm: memcg: separate slab stat accounting from objcg charge cache",
  version: "v7.1",
  needs: [
    "200577f69f29",
    "3523dd7af413",
    "5387c90490f7",
    "68ac5b3c8db2",
    "ae51c775aa2b",
    "dccd5ee2625d",
    "e74d225910ec",
    "e86828e5446d",
    "fdbcb2a6d677",
  ],
  adds: ["__consume_obj_stock", "__refill_obj_stock", "__obj_cgroup_charge"],
}, {
  __account_obj_stock(
    objcg: obj_cgroup,
    stock: Stock,
    nr: number,
    pgdat: pglist_data,
    idx: number,
  ): void {
    if (!stock || READ_ONCE(stock.$cached_objcg) !== objcg) {
      mod_objcg_mlstate(objcg, pgdat, idx, nr);
      return;
    }
    if (stock.cached_pgdat !== pgdat) {
      flush_stats(stock, objcg, stock.cached_pgdat!);
      stock.cached_pgdat = pgdat;
    }
    cache_stat(stock, objcg, pgdat, idx, nr);
  },

  consume_obj_stock(objcg: obj_cgroup, nr_bytes: number): boolean {
    const stock = trylock_stock();
    if (!stock) return false;
    const ret = __consume_obj_stock(objcg, stock, nr_bytes);
    unlock_stock(stock);
    return ret;
  },

  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number, allow_uncharge: boolean): void {
    const stock = trylock_stock();
    __refill_obj_stock(objcg, stock, nr_bytes, allow_uncharge);
    unlock_stock(stock);
  },

  obj_cgroup_charge(objcg: obj_cgroup, gfp: gfp_t, size: number): number {
    if (consume_obj_stock(objcg, size, null, 0)) return 0;
    const ret = __obj_cgroup_charge(objcg, gfp, size);
    const remainder = remainder_of(size);
    if (!ret && remainder) refill_obj_stock(objcg, remainder, false, 0, null, 0);
    return ret;
  },

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
    const stock = trylock_stock();
    __refill_obj_stock(objcg, stock, size, true);
    __account_obj_stock(objcg, stock, -size, object.pgdat!, cache_vmstat_idx(object));
    unlock_stock(stock);
    obj_cgroup_put(objcg);
  },
});
