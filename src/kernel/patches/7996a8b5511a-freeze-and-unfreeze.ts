/**
 * 7996a8b5511a ("blk-mq: fix hang caused by freeze/unfreeze sequence"), v5.3.
 *
 * The depth is counted and the queue killed, or brought back, under one mutex: nobody finds the count
 * of one and the counter of the other.
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import "../blk-mq.ts"; // whatever the target, what is replaced must be there
import type { request_queue } from "../blk-mq.ts";
import { mutex_lock, mutex_unlock } from "../mutex.ts";
import { percpu_ref_kill, percpu_ref_resurrect } from "../percpu-refcount.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "7996a8b5511a",
  subject: "blk-mq: fix hang caused by freeze/unfreeze sequence",
  version: "v5.3",
}, {
  blk_freeze_queue_start(q: request_queue): void {
    mutex_lock(q.mq_freeze_lock);
    if (++q.mq_freeze_depth === 1) percpu_ref_kill(q.q_usage_counter);
    mutex_unlock(q.mq_freeze_lock);
  },

  blk_mq_unfreeze_queue(q: request_queue): void {
    mutex_lock(q.mq_freeze_lock);
    q.mq_freeze_depth--;
    WARN_ON_ONCE(q.mq_freeze_depth < 0);
    if (q.mq_freeze_depth === 0) percpu_ref_resurrect(q.q_usage_counter);
    mutex_unlock(q.mq_freeze_lock);
  },
});
