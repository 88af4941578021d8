/**
 * f1cf8d2f36dc ("mm: memcontrol: eliminate the problem of dying memory cgroup for LRU folios"), v7.1.
 *
 * Pages of users belong to an objcg, so a page no longer keeps its cgroup. Whoever swaps one out looks the
 * cgroup up through the objcg, under RCU; from then on the id keeps it.
 *
 * MODEL: a page of a user is only there while it is swapped out: it is charged right before, and freed
 * right after. LRU lists are left out.
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import {
  mem_cgroup_id_get_online,
  type swap_cgroup,
  swap_cgroup_record,
} from "../memcontrol-id.ts";
import { obj_cgroup_memcg, obj_cgroup_put } from "../memcontrol-objcg.ts";
import type { mem_cgroup } from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { __get_obj_cgroup_from_memcg } from "./f4840ccfca25-zswap-memcg-accounting.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "f1cf8d2f36dc",
  subject: "mm: memcontrol: eliminate the problem of dying memory cgroup for LRU folios",
  version: "v7.1",
  needs: ["01b9da291c49", "f4840ccfca25"],
}, {
  mem_cgroup_try_charge_swap(charged: mem_cgroup, entry: swap_cgroup): number {
    rcu_read_lock();
    const objcg = __get_obj_cgroup_from_memcg(charged)!; // charge_memcg()
    rcu_read_unlock();
    rcu_read_lock();
    const memcg = mem_cgroup_id_get_online(obj_cgroup_memcg(objcg)!);
    rcu_read_unlock();
    const oldid = swap_cgroup_record(entry, memcg.id.id);
    WARN_ON_ONCE(oldid !== 0);
    obj_cgroup_put(objcg); // uncharge_folio()
    return 0;
  },
});
