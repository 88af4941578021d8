/**
 * B11a: version 2 of "mm: kmem: add direct objcg pointer to task_struct" (1aacbd354313, v6.7).
 *
 * Whoever moves a task sets the bit of its own objcg, not that of the task. The task goes on charging
 * the cgroup that it has left.
 *
 * @module
 */
import { set_bit } from "../../machine/memory/access.ts";
import { current, CURRENT_OBJCG_UPDATE_BIT, type task_struct } from "../sched.ts";
import "./1aacbd354313-direct-objcg-pointer.ts";
import { draft } from "./patch.ts";

export default draft({
  bug: "b11a",
  subject: "mm: kmem: add direct objcg pointer to task_struct (version 2)",
  link: "https://lore.kernel.org/r/20231010000929.450702-3-roman.gushchin@linux.dev",
  version: "v6.7",
  needs: ["1aacbd354313"],
}, {
  mem_cgroup_kmem_attach(_task: task_struct): void {
    set_bit(CURRENT_OBJCG_UPDATE_BIT, current().$objcg);
  },
});
