/**
 * What was read in Linux 7.2.13.
 *
 * @module
 */
import type { Tree } from "./tree.ts";

export default {
  kernel: "v7.2",
  expression: "v7.1+objcg_slots",
  name: "Linux 7.2.13",
  read: {
    mem_cgroup_css_online: "mm/memcontrol.c:4224-4299 de90efbb",
    mem_cgroup_init: "mm/memcontrol.c:5629-5663 c9a3f475",
    obj_cgroup_tryget: "include/linux/memcontrol.h:772-777 aa8f1166",
    obj_cgroup_get: "include/linux/memcontrol.h:786-789 040f4618",
    obj_cgroup_put: "include/linux/memcontrol.h:791-795 5a98b74e",
    obj_cgroup_release: "mm/memcontrol.c:140-188 94587ec3",
    memcg_reparent_objcgs: "mm/memcontrol.c:271-303 e1c14db6",
    consume_obj_stock: "mm/memcontrol.c:3288-3301 8fe6e0b1",
    drain_obj_stock: "mm/memcontrol.c:3375-3381 589aabc3",
    obj_stock_flush_required: "mm/memcontrol.c:3383-3405 706bce97",
    refill_obj_stock: "mm/memcontrol.c:3475-3482 1763fe3e",
    obj_cgroup_charge: "mm/memcontrol.c:3498-3534 7c8bc5be",
    obj_cgroup_uncharge: "mm/memcontrol.c:3536-3539 e102c1e7",
    consume_stock: "mm/memcontrol.c:2079-2107 25efd134",
    drain_stock: "mm/memcontrol.c:2119-2135 8552bfa4",
    refill_stock: "mm/memcontrol.c:2177-2234 ab62ff1f",
    drain_all_stock: "mm/memcontrol.c:2276-2317 ef52fcdd",
    memcg_hotplug_cpu_dead: "mm/memcontrol.c:2319-2326 222c709e",
    memcg_slab_free_hook: "mm/memcontrol.c:3642-3669 __memcg_slab_free_hook 08e4040c",
    mod_objcg_mlstate: "mm/memcontrol.c:2859-2869 ad303fe4",
    drain_stock_fully: "mm/memcontrol.c:2137-2143 0cbe6ae4",
    drain_local_memcg_stock: "mm/memcontrol.c:2145-2159 b56c0148",
    drain_local_obj_stock: "mm/memcontrol.c:2161-2175 c002df88",
    is_memcg_drain_needed: "mm/memcontrol.c:2236-2257 8a3c9167",
    __account_obj_stock: "mm/memcontrol.c:3197-3267 c98b9c5a",
    memcg_uncharge: "mm/memcontrol.c:2109-2114 f6625a60",
    __consume_obj_stock: "mm/memcontrol.c:3269-3286 8f78b2a2",
    __refill_obj_stock: "mm/memcontrol.c:3407-3473 634a06f1",
    __obj_cgroup_charge: "mm/memcontrol.c:3484-3496 71ee6bfc",
    schedule_drain_work: "mm/memcontrol.c:2259-2270 eb38fda6",
    drain_obj_stock_slot: "mm/memcontrol.c:3329-3373 2d7de9c3",
    drain_obj_stock_stats: "mm/memcontrol.c:3304-3327 5c6c1d79",
  },
  differs: {
    obj_cgroup_charge_pages: "the root is not charged (the end of B28)",
  },
} satisfies Tree;
