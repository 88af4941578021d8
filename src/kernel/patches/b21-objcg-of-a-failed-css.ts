/**
 * The fix of B21 as posted for v7.1: a css that cannot come online kills the objcgs that it has, and
 * nobody finds them any more.
 *
 * @module
 */
import type { cgroup_subsys_state } from "../cgroup.ts";
import { obj_cgroup_put } from "../memcontrol-objcg.ts";
import { type mem_cgroup, nodeinfo } from "../memcontrol-types.ts";
import { percpu_ref_kill } from "../percpu-refcount.ts";
import { rcu_replace_pointer } from "../rcu.ts";
import { NODES } from "../vmstat.ts";
import { alloc_objcgs_or } from "./01b9da291c49-objcg-of-each-node.ts";
import { css_online_with } from "./aa01ec1325e2-objcg-of-every-memcg.ts";
import { patch } from "./patch.ts";

/** The label free_objcg of mem_cgroup_css_online(). */
function kill_objcgs(memcg: mem_cgroup): void {
  for (let nid = 0; nid < NODES; nid++) {
    const pn = nodeinfo(memcg, nid);
    const objcg = rcu_replace_pointer(pn.$objcg, null, true);
    if (objcg) percpu_ref_kill(objcg.refcnt);
    const orig = pn.orig_objcg;
    if (!orig) continue;
    obj_cgroup_put(orig);
    pn.orig_objcg = null;
  }
}

export default patch(
  "b21-objcg-of-a-failed-css",
  "mm: memcontrol: kill the objcgs of a failed css",
  {
    mem_cgroup_css_online: (css: cgroup_subsys_state): number =>
      css_online_with(css, (memcg) => alloc_objcgs_or(memcg, kill_objcgs)),
  },
);
