/**
 * 5161b48712dc ("mm: list_lru: fix UAF for memory cgroup"), v6.11; CVE-2024-43888.
 *
 * list_lru_add_obj() and list_lru_del_obj() look the cgroup up in a read-side section, and stay in it.
 *
 * @module
 */
import { lru } from "../list_lru.ts";
import type { kmem_object } from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { list_lru_add, list_lru_del } from "./0a97c01cd20b-memcg-and-node-of-a-list.ts";
import { mem_cgroup_from_slab_obj, nid_of } from "./list_lru.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "5161b48712dc",
  subject: "mm: list_lru: fix UAF for memory cgroup",
  version: "v6.11",
  fixes: ["B12"],
  needs: ["list_lru", "0a97c01cd20b"],
}, {
  list_lru_add_obj(p: kmem_object): boolean {
    const nid = nid_of(p);
    if (!lru.memcg_aware) return list_lru_add(p.lru, nid, null);
    rcu_read_lock();
    const ret = list_lru_add(p.lru, nid, mem_cgroup_from_slab_obj(p));
    rcu_read_unlock();
    return ret;
  },

  list_lru_del_obj(p: kmem_object): boolean {
    const nid = nid_of(p);
    if (!lru.memcg_aware) return list_lru_del(p.lru, nid, null);
    rcu_read_lock();
    const ret = list_lru_del(p.lru, nid, mem_cgroup_from_slab_obj(p));
    rcu_read_unlock();
    return ret;
  },
});
