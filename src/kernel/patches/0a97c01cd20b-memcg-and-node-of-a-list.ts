/**
 * 0a97c01cd20b ("list_lru: allow explicit memcg and NUMA node selection"), v6.8.
 *
 * The caller of list_lru_add() says to which cgroup and node an item belongs, and sees to it that the cgroup
 * stays. list_lru_add_obj(), for objects of a cache, looks the cgroup up before the lock of the node is
 * taken, and nothing keeps it (B12).
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import type { list_head } from "../list.ts";
import { list_lru_from_memcg_idx, lru, memcg_kmem_id } from "../list_lru.ts";
import type { kmem_object, mem_cgroup } from "../memcontrol-types.ts";
import * as lists from "./list_lru.ts";
import { commit, retyped } from "./patch.ts";

type Change = (
  item: list_head,
  nid: number,
  memcg: mem_cgroup | null,
) => boolean;
/** The same function, as this patch types it. */
export const list_lru_add = lists.list_lru_add as unknown as Change;
export const list_lru_del = lists.list_lru_del as unknown as Change;

/** list_lru_add_obj() Context: task. */
export const list_lru_add_obj = kernel(
  "list_lru_add_obj",
  (p: kmem_object): boolean => {
    const nid = lists.nid_of(p);
    const memcg = lru.memcg_aware ? lists.mem_cgroup_from_slab_obj(p) : null;
    return list_lru_add(p.lru, nid, memcg);
  },
);

/** list_lru_del_obj() Context: task. */
export const list_lru_del_obj = kernel(
  "list_lru_del_obj",
  (p: kmem_object): boolean => {
    const nid = lists.nid_of(p);
    const memcg = lru.memcg_aware ? lists.mem_cgroup_from_slab_obj(p) : null;
    return list_lru_del(p.lru, nid, memcg);
  },
);

export default commit({
  commit: "0a97c01cd20b",
  subject: "list_lru: allow explicit memcg and NUMA node selection",
  version: "v6.8",
  brings: ["B12"],
  needs: ["list_lru"],
  adds: ["list_lru_add_obj", "list_lru_del_obj"],
}, {
  list_lru_add: retyped((
    item: list_head,
    nid: number,
    memcg: mem_cgroup | null,
  ): boolean => lists.add_to(item, nid, () => list_lru_from_memcg_idx(nid, memcg_kmem_id(memcg))!)),

  list_lru_del: retyped((
    item: list_head,
    nid: number,
    memcg: mem_cgroup | null,
  ): boolean =>
    lists.del_from(item, nid, () => list_lru_from_memcg_idx(nid, memcg_kmem_id(memcg))!)
  ),
});
