/**
 * Freezing a request queue — block/blk-mq.c, block/blk-core.c, include/linux/blkdev.h (v5.2): what
 * the block layer does with a percpu_ref.
 *
 * MODEL: a queue has no requests of its own and no hardware queues to run; whoever enters it does not
 * wait for it to thaw, and nobody waits until it is empty.
 *
 * MODEL: the base freezes as v5.2 did, although 7996a8b5511a of v5.3 is older than the posted patch:
 * the counting and the killing are two steps. `v5.9` has the commit.
 *
 * @module
 */
import { atomic_add_return, atomic_sub_return } from "../machine/memory/access.ts";
import { kernel } from "../machine/calls/registry.ts";
import { WARN_ON_ONCE } from "../machine/findings/warn.ts";
import { embed, type Fields, type Fn, int, type Struct } from "../machine/memory/struct_type.ts";
import { statics } from "../machine/memory/struct.ts";
import { EBUSY, GFP_KERNEL } from "./errno.ts";
import { mutex, mutex_init } from "./mutex.ts";
import { PERCPU_REF_INIT_ATOMIC } from "./percpu-refcount-defs.ts";
import {
  percpu_ref,
  percpu_ref_init,
  percpu_ref_kill,
  percpu_ref_put,
  percpu_ref_resurrect,
  percpu_ref_switch_to_percpu,
  percpu_ref_tryget,
  percpu_ref_tryget_live,
} from "./percpu-refcount.ts";
import { rcu_read_lock, rcu_read_unlock } from "./rcu.ts";

/** struct request_queue */
export interface request_queue extends
  Struct,
  Fields<{
    /** who has frozen it, and not thawed it again */
    mq_freeze_depth: number;
    /** protects mq_freeze_depth and the killing, since 7996a8b5511a; unused here */
    mq_freeze_lock: mutex;
    q_usage_counter: percpu_ref;
  }> {}

/** Queues that exist from the start. */
export function request_queues(n: number): request_queue[] {
  return statics<request_queue>("request_queue", {
    mq_freeze_depth: int,
    mq_freeze_lock: embed(mutex),
    q_usage_counter: embed(percpu_ref),
  }, n);
}

/** blk_alloc_queue_node() and blk_register_queue() Context: task; may sleep. */
export const blk_alloc_queue = kernel(
  "blk_alloc_queue",
  (q: request_queue, release: Fn): number => {
    mutex_init(q.mq_freeze_lock);
    const ret = percpu_ref_init(q.q_usage_counter, release, PERCPU_REF_INIT_ATOMIC, GFP_KERNEL);
    if (ret) return ret;
    percpu_ref_switch_to_percpu(q.q_usage_counter);
    return 0;
  },
);

/** blk_queue_enter(BLK_MQ_REQ_NOWAIT): -EBUSY if it is frozen. Context: any. */
export const blk_queue_enter = kernel("blk_queue_enter", (q: request_queue): number => {
  rcu_read_lock();
  const success = percpu_ref_tryget_live(q.q_usage_counter);
  rcu_read_unlock();
  return success ? 0 : -EBUSY;
});

/** blk_queue_exit() Context: any. */
export const blk_queue_exit = kernel("blk_queue_exit", (q: request_queue): void => {
  percpu_ref_put(q.q_usage_counter);
});

/** blk_freeze_queue_start(): nobody enters from now on. Context: may sleep. */
export const blk_freeze_queue_start = kernel("blk_freeze_queue_start", (q: request_queue): void => {
  const freeze_depth = atomic_add_return(1, q.$mq_freeze_depth);
  if (freeze_depth === 1) percpu_ref_kill(q.q_usage_counter);
});

/** blk_mq_unfreeze_queue(): the last one of those who froze it lets others in. Context: may sleep. */
export const blk_mq_unfreeze_queue = kernel("blk_mq_unfreeze_queue", (q: request_queue): void => {
  const freeze_depth = atomic_sub_return(1, q.$mq_freeze_depth);
  WARN_ON_ONCE(freeze_depth < 0);
  if (freeze_depth === 0) percpu_ref_resurrect(q.q_usage_counter);
});

/** blk_mq_timeout_work(): unless the queue is empty, look for requests that take too long. */
export const blk_mq_timeout_work = kernel("blk_mq_timeout_work", (q: request_queue): boolean => {
  // Not blk_queue_enter(): a frozen queue may wait for the very requests that this looks for.
  if (!percpu_ref_tryget(q.q_usage_counter)) return false;
  blk_queue_exit(q);
  return true;
});
