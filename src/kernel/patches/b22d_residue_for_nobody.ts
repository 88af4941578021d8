/**
 * B22d: version 3 of "memcg: cache obj_stock by memcg, not by objcg pointer" (d0211878ce06), for v7.1.
 *
 * A released objcg passes what is less than a page on to the objcg that its cgroup has for the node of this
 * CPU. A cgroup that goes offline has none any more; then the bytes are lost, and their page is never
 * uncharged. The author took that, since it is bounded.
 *
 * @module
 */
import { atomic_add, atomic_read } from "../../machine/memory/access.ts";
import { container_of } from "../../machine/memory/struct.ts";
import { list_del } from "../list.ts";
import { obj_cgroup_memcg } from "../memcontrol-objcg.ts";
import { mem_cgroup_is_root } from "../memcontrol.ts";
import { nodeinfo, obj_cgroup, PAGE_SHIFT, PAGE_SIZE } from "../memcontrol-types.ts";
import { type percpu_ref, percpu_ref_exit } from "../percpu-refcount.ts";
import { kfree_rcu, rcu_dereference, rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { spin_lock_irqsave, spin_unlock_irqrestore } from "../spinlock.ts";
import { numa_node_id } from "../vmstat.ts";
import { objcg_lock } from "./0764db9b49c9-objcg-lock.ts";
import { memcg_uncharge } from "./89f342af6603-memcg-uncharge.ts";
import { keyed_by_memcg, refilling } from "./b22a_stock_of_a_memcg.ts";
import { same_pointer } from "./b22c_residue_of_a_sibling.ts";
import { draft } from "./patch.ts";

/** The middle of obj_cgroup_release(). */
function give_back(objcg: obj_cgroup, nr_pages: number, sub_bytes: number): void {
  rcu_read_lock();
  const memcg = obj_cgroup_memcg(objcg)!;
  const isRoot = mem_cgroup_is_root(memcg);
  if (nr_pages && !isRoot) memcg_uncharge(memcg, nr_pages);
  if (sub_bytes && !isRoot) {
    const fwd = rcu_dereference(nodeinfo(memcg, numa_node_id()).$objcg);
    if (fwd) atomic_add(sub_bytes, fwd.$nr_charged_bytes);
  }
  rcu_read_unlock();
}

export default draft({
  bug: "b22d",
  subject: "memcg: cache obj_stock by memcg, not by objcg pointer (version 3)",
  link: "https://lore.kernel.org/r/20260518222827.110696-1-shakeel.butt@linux.dev",
  version: "v7.1",
  needs: ["0764db9b49c9", "52af721b9421", "89f342af6603", "01b9da291c49"],
}, {
  obj_cgroup_release(ref: percpu_ref): void {
    const objcg = container_of(ref, obj_cgroup);
    const nr_bytes = atomic_read(objcg.$nr_charged_bytes);
    const sub_bytes = nr_bytes & (PAGE_SIZE - 1);
    if (nr_bytes) give_back(objcg, nr_bytes >>> PAGE_SHIFT, sub_bytes);
    const flags = spin_lock_irqsave(objcg_lock);
    list_del(objcg.list);
    spin_unlock_irqrestore(objcg_lock, flags);
    percpu_ref_exit(ref);
    kfree_rcu(objcg.rcu);
  },

  ...keyed_by_memcg(same_pointer, refilling(same_pointer)),
});
