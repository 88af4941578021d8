/**
 * What would mend h04 since v7.1; no commit of the kernel does. A css that never came online gives its id
 * back when it is freed.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import type { cgroup_subsys_state } from "../cgroup.ts";
import { mem_cgroup_id_remove } from "../memcontrol-id.ts";
import { mem_cgroup } from "../memcontrol-types.ts";
import objcgOfEachNode from "./01b9da291c49-objcg-of-each-node.ts";
import { patch } from "./patch.ts";

export default patch("h04-id-of-a-failed-css", "mm: memcontrol: no id outlives its css", {
  mem_cgroup_css_free(css: cgroup_subsys_state): void {
    mem_cgroup_id_remove(container_of(css, mem_cgroup));
    objcgOfEachNode.functions.mem_cgroup_css_free(css);
  },
});
