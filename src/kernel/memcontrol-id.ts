/**
 * The ids of memory cgroups, and the swap records that they are for — mm/memcontrol.c,
 * mm/swap_cgroup.c.
 *
 * A record of what was swapped out has no room for a pointer: it holds an id, and with it a reference
 * to the id. The id belongs to the cgroup until it is offline and the last record is gone; then it can
 * be given out again, while the css may stay for as long as anybody needs it.
 *
 * MODEL: what is swapped out is a single page, which is not there; of its record only the id is. The
 * swap counter is left out. There are fewer ids than 65535.
 *
 * @module
 */
import { xchg } from "../machine/memory/access.ts";
import { kernel } from "../machine/calls/registry.ts";
import { WARN_ON_ONCE } from "../machine/findings/warn.ts";
import { struct } from "../machine/memory/struct.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { css_put } from "./cgroup.ts";
import { DEFINE_IDR, idr_alloc, idr_find, idr_init, idr_remove, idr_replace } from "./idr.ts";
import { mem_cgroup_is_root, parent_mem_cgroup } from "./memcontrol.ts";
import { type mem_cgroup, root_mem_cgroup } from "./memcontrol-types.ts";
import { rcu_read_lock, rcu_read_lock_held, rcu_read_unlock } from "./rcu.ts";
import { refcount_inc_not_zero, refcount_sub_and_test } from "./refcount.ts";

/** USHRT_MAX in the kernel. */
export const MEM_CGROUP_ID_MAX = 16;

/** Under cgroup_mutex where an id is given out; what gives one back holds no lock (until v6.11). */
export const mem_cgroup_idr = DEFINE_IDR("mem_cgroup_idr", MEM_CGROUP_ID_MAX);

/** Boot. */
export function mem_cgroup_idr_init(): void {
  idr_init(mem_cgroup_idr);
}

/** mem_cgroup_alloc(): its id, or an error. Context: cgroup_mutex. */
export const mem_cgroup_alloc_id = kernel("mem_cgroup_alloc_id", (): number => {
  return idr_alloc(mem_cgroup_idr, null, 1, MEM_CGROUP_ID_MAX);
}, { inline: true });

/** mem_cgroup_alloc(): from now on the id finds the memcg. Context: cgroup_mutex. */
export function mem_cgroup_publish_id(memcg: mem_cgroup): void {
  idr_replace(mem_cgroup_idr, memcg, memcg.id.id);
}

/** mem_cgroup_id_remove() Context: any. */
export const mem_cgroup_id_remove = kernel("mem_cgroup_id_remove", (memcg: mem_cgroup): void => {
  if (memcg.id.id > 0) {
    idr_remove(mem_cgroup_idr, memcg.id.id);
    memcg.id.id = 0;
  }
});

/** mem_cgroup_id_put_many() Context: any. */
export const mem_cgroup_id_put_many = kernel(
  "mem_cgroup_id_put_many",
  (memcg: mem_cgroup, n: number): void => {
    if (refcount_sub_and_test(n, memcg.id.ref)) {
      mem_cgroup_id_remove(memcg);
      css_put(memcg.css); // Memcg ID pins CSS
    }
  },
);

/** mem_cgroup_id_put() Context: any. */
export function mem_cgroup_id_put(memcg: mem_cgroup): void {
  mem_cgroup_id_put_many(memcg, 1);
}

/** mem_cgroup_from_id() Context: rcu_read_lock(). */
export const mem_cgroup_from_id = kernel(
  "mem_cgroup_from_id",
  (id: number): mem_cgroup | null => {
    WARN_ON_ONCE(!rcu_read_lock_held());
    return idr_find(mem_cgroup_idr, id) as mem_cgroup | null;
  },
);

/** mem_cgroup_id_get_online(): of the memcg, or of the nearest ancestor that is online. */
export const mem_cgroup_id_get_online = kernel(
  "mem_cgroup_id_get_online",
  (memcg: mem_cgroup): mem_cgroup => {
    while (!refcount_inc_not_zero(memcg.id.ref)) {
      WARN_ON_ONCE(mem_cgroup_is_root(memcg)); // it is never offline
      memcg = parent_mem_cgroup(memcg) ?? root_mem_cgroup();
    }
    return memcg;
  },
);

/** struct swap_cgroup: the record of what was swapped out. */
export interface swap_cgroup extends Struct, Fields<{ id: number }> {}
export const swap_cgroup = struct<swap_cgroup>("swap_cgroup", { id: int }, 24);

/** swap_cgroup_record(): the id that was recorded before. Context: any. */
export function swap_cgroup_record(entry: swap_cgroup, id: number): number {
  return xchg(entry.$id, id);
}

/** mem_cgroup_try_charge_swap() Context: `memcg` is that of a page, which keeps it. */
export const mem_cgroup_try_charge_swap = kernel(
  "mem_cgroup_try_charge_swap",
  (memcg: mem_cgroup, entry: swap_cgroup): number => {
    const online = mem_cgroup_id_get_online(memcg);
    const oldid = swap_cgroup_record(entry, online.id.id);
    WARN_ON_ONCE(oldid !== 0);
    return 0;
  },
);

/** mem_cgroup_uncharge_swap() Context: any. */
export const mem_cgroup_uncharge_swap = kernel(
  "mem_cgroup_uncharge_swap",
  (entry: swap_cgroup): void => {
    const id = swap_cgroup_record(entry, 0);
    rcu_read_lock();
    const memcg = mem_cgroup_from_id(id);
    if (memcg) mem_cgroup_id_put_many(memcg, 1);
    rcu_read_unlock();
  },
);
