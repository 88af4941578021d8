/**
 * B21: "mm: memcontrol: convert objcg to be per-memcg per-node type" (01b9da291c49) as it was in
 * linux-next, after the fix of B20.
 *
 * A css that gets no objcg for a node puts its references to the ones that it has, and never kills them.
 *
 * @module
 */
import type { cgroup_subsys_state } from "../cgroup.ts";
import { obj_cgroup_put } from "../memcontrol-objcg.ts";
import { type mem_cgroup, nodeinfo } from "../memcontrol-types.ts";
import { NODES } from "../vmstat.ts";
import { alloc_objcgs_or } from "./01b9da291c49-objcg-of-each-node.ts";
import { css_online_with } from "./aa01ec1325e2-objcg-of-every-memcg.ts";
import { draft } from "./patch.ts";

/** The label free_objcg of mem_cgroup_css_online(). */
function free_objcgs(memcg: mem_cgroup): void {
  for (let nid = 0; nid < NODES; nid++) {
    const pn = nodeinfo(memcg, nid);
    const orig = pn.orig_objcg;
    if (!orig) continue;
    obj_cgroup_put(orig);
    pn.orig_objcg = null;
  }
}

export default draft({
  bug: "b21a",
  subject: "mm: memcontrol: convert objcg to be per-memcg per-node type (before its last fix)",
  link: "https://lore.kernel.org/r/20260322164943.37460-1-devnexen@gmail.com",
  version: "v7.1",
  needs: ["01b9da291c49", "aa01ec1325e2"],
}, {
  mem_cgroup_css_online: (css: cgroup_subsys_state): number =>
    css_online_with(css, (memcg) => alloc_objcgs_or(memcg, free_objcgs)),
});
