/**
 * What was read in Linux 6.1.192 and 6.12.117 of objects on lists of their cgroups, which list_lru puts in.
 *
 * @module
 */
import type { Tree } from "./tree.ts";

const trees: readonly Tree[] = [
  {
    kernel: "v6.1+list_lru",
    expression: "v6.1+list_lru",
    name: "Linux 6.1.192",
    read: {
      mem_cgroup_from_slab_obj: "mm/memcontrol.c:2990-2996 63dd023b",
      list_lru_add: "mm/list_lru.c:119-140 72511669",
      list_lru_del: "mm/list_lru.c:143-160 0169c2e2",
      list_lru_walk_one: "mm/list_lru.c:268-280 5f03835c",
      memcg_reparent_list_lru_node: "mm/list_lru.c:390-417 b276754d",
      memcg_reparent_list_lrus: "mm/list_lru.c:430-462 ec2ad1b0",
      memcg_list_lru_alloc: "mm/list_lru.c:472-548 cbae7bbd",
      memcg_offline_kmem: "mm/memcontrol.c:3750-3773 fd213fb8",
    },
    differs: {},
  },
  {
    kernel: "v6.12+list_lru",
    expression: "v6.12+list_lru",
    name: "Linux 6.12.117",
    read: {
      mem_cgroup_from_slab_obj: "mm/memcontrol.c:2478-2484 63dd023b",
      list_lru_add: "mm/list_lru.c:89-108 c7c4d5b2",
      list_lru_add_obj: "mm/list_lru.c:111-125 b478a0ea",
      list_lru_del: "mm/list_lru.c:129-146 3e190ee5",
      list_lru_del_obj: "mm/list_lru.c:149-163 aaa162d6",
      list_lru_walk_one: "mm/list_lru.c:274-286 5f03835c",
      memcg_reparent_list_lru_node: "mm/list_lru.c:396-423 b276754d",
      memcg_reparent_list_lrus: "mm/list_lru.c:436-468 ec2ad1b0",
      memcg_list_lru_alloc: "mm/list_lru.c:478-554 cbae7bbd",
      memcg_offline_kmem: "mm/memcontrol.c:3116-3139 fd213fb8",
    },
    differs: {},
  },
];
export default trees;
