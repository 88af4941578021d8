/**
 * e56808fef8f7 ("mm: kmem: reimplement get_obj_cgroup_from_current()"), v6.7.
 *
 * @module
 */
import { obj_cgroup_get } from "../memcontrol-objcg.ts";
import type { obj_cgroup } from "../memcontrol-types.ts";
import { current_obj_cgroup } from "./e86828e5446d-scoped-objcg-protection.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "e56808fef8f7",
  subject: "mm: kmem: reimplement get_obj_cgroup_from_current()",
  version: "v6.7",
  needs: ["e86828e5446d"],
}, {
  get_obj_cgroup_from_current(): obj_cgroup | null {
    const objcg = current_obj_cgroup();
    if (objcg) obj_cgroup_get(objcg);
    return objcg;
  },
});
