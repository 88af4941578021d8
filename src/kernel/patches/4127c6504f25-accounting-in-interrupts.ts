/**
 * 4127c6504f25 ("mm: kmem: enable kernel memcg accounting from interrupt contexts"), v5.10.
 *
 * Until v5.14 the kernel asks in_interrupt(), which is true with softirqs off as well. Nobody here allocates
 * with softirqs off, so that is the same as the !in_task() of later kernels.
 *
 * @module
 */
import { context } from "../../machine/context/interrupt.ts";
import { TASK } from "../../machine/layout/contexts.ts";
import { active_memcg } from "../active-memcg.ts";
import { current } from "../sched.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "4127c6504f25",
  subject: "mm: kmem: enable kernel memcg accounting from interrupt contexts",
  version: "v5.10",
  needs: ["37d5985c003d"],
}, {
  memcg_kmem_bypass(): boolean {
    if (active_memcg()) return false;
    return context() !== TASK || !current().mm;
  },
});
