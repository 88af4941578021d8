/**
 * What was read in mm/memcontrol.c as of f1286fae5406, of v5.13-rc1. The places have no lines.
 *
 * @module
 */
import type { Tree } from "./tree.ts";

export default {
  kernel: "v5.13",
  expression: "v5.13",
  name: "Linux 5.13-rc1",
  read: {
    memcg_online_kmem: "mm/memcontrol.c 0e2aaba1",
    memcg_offline_kmem: "mm/memcontrol.c 9eeb4916",
    obj_cgroup_release: "mm/memcontrol.c 4afadd8c",
    obj_cgroup_alloc: "mm/memcontrol.c 72393e7b",
    memcg_reparent_objcgs: "mm/memcontrol.c a1865487",
    get_mem_cgroup_from_objcg: "mm/memcontrol.c 79a9701d",
    obj_cgroup_uncharge_pages: "mm/memcontrol.c 30890e39",
    obj_cgroup_charge_pages: "mm/memcontrol.c fee68da7",
    __memcg_kmem_charge_page: "mm/memcontrol.c 6f67ca79",
    __memcg_kmem_uncharge_page: "mm/memcontrol.c 44f20de6",
    consume_obj_stock: "mm/memcontrol.c 78877739",
    drain_obj_stock: "mm/memcontrol.c 2ddb9d38",
    obj_stock_flush_required: "mm/memcontrol.c 8df32e89",
    refill_obj_stock: "mm/memcontrol.c f9fd6c13",
    obj_cgroup_charge: "mm/memcontrol.c ca706e1b",
    obj_cgroup_uncharge: "mm/memcontrol.c 7ec2393b",
    mem_cgroup_resize_max: "mm/memcontrol.c 35524bdf",
  },
  differs: {},
} satisfies Tree;
