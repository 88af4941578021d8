/**
 * B20: version 6 of "mm: memcontrol: convert objcg to be per-memcg per-node type" (01b9da291c49).
 *
 * A css that gets no objcg for a node puts its references to the ones that it has, and still points to
 * them, so whoever frees the cgroup puts them again. Nobody kills them either, which is B21: the count
 * of a percpu_ref that was not killed is not looked at, so it becomes zero and nothing happens.
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
    const orig = nodeinfo(memcg, nid).orig_objcg;
    if (orig) obj_cgroup_put(orig);
  }
}

export default draft({
  bug: "b20a",
  subject: "mm: memcontrol: convert objcg to be per-memcg per-node type (version 6)",
  link:
    "https://lore.kernel.org/r/56c04b1c5d54f75ccdc12896df6c1ca35403ecc3.1772711148.git.zhengqi.arch@bytedance.com",
  version: "v7.1",
  needs: ["01b9da291c49", "aa01ec1325e2"],
}, {
  mem_cgroup_css_online: (css: cgroup_subsys_state): number =>
    css_online_with(css, (memcg) => alloc_objcgs_or(memcg, free_objcgs)),
});
