/** Bugs of RCU users, and next to them the correct code. */
import { kernel } from "../../../src/machine/calls/registry.ts";
import {
  embed,
  type Fields,
  int as cell,
  type Ptr,
  ptr,
  type Struct,
} from "../../../src/machine/memory/struct_type.ts";
import { statics, struct } from "../../../src/machine/memory/struct.ts";
import { GFP_ATOMIC, GFP_KERNEL } from "../../../src/kernel/errno.ts";
import {
  call_rcu,
  kfree_rcu,
  rcu_access_pointer,
  rcu_dereference,
  rcu_dereference_bh,
  rcu_dereference_check,
  rcu_dereference_protected,
  rcu_dereference_raw,
  rcu_dereference_sched,
  rcu_head,
  RCU_LOCKDEP_WARN,
  rcu_read_lock,
  rcu_read_lock_any_held,
  rcu_read_lock_bh,
  rcu_read_lock_sched,
  rcu_read_unlock,
  rcu_read_unlock_bh,
  rcu_read_unlock_sched,
  rcu_replace_pointer,
  synchronize_rcu,
} from "../../../src/kernel/rcu.ts";
import { kfree, kzalloc } from "../../../src/kernel/slab.ts";
import {
  DEFINE_SPINLOCK,
  local_irq_restore,
  local_irq_save,
  lockdep_is_held,
  might_sleep,
  preempt_disable,
  preempt_enable,
  spin_lock,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irqrestore,
} from "../../../src/kernel/spinlock.ts";

interface node extends Struct, Fields<{ v: number; rcu: rcu_head }> {}
const node = struct<node>("rcu_node", { v: cell, rcu: embed(rcu_head) }, 8);
interface anchor extends Struct, Fields<{ node: Ptr<node> }> {}
const anchor = statics<anchor>("rcu_anchor", { node: ptr }, 1)[0];
const update_lock = DEFINE_SPINLOCK("rcu_update_lock");

const node_callback = kernel("node_callback", (_rcu: rcu_head): void => {});
const node_free = kernel("node_free", (rcu: rcu_head): void => kfree(rcu.outer as node));
/** A callback that queues its own head again, which is allowed. */
const node_again = kernel("node_again", (rcu: rcu_head): void => call_rcu(rcu, node_free));
const node_new = kernel("node_new", (): node => kzalloc(node, GFP_KERNEL)!);

/** Publish `n` in place of the old node, which is freed after a grace period. */
const publish = kernel("publish", (n: node | null): void => {
  spin_lock(update_lock);
  const old = rcu_replace_pointer(anchor.$node, n, lockdep_is_held(update_lock));
  spin_unlock(update_lock);
  if (old) kfree_rcu(old.rcu);
});

export const rcuPlants: Record<string, () => number | void> = {
  rcu_outside: () => void rcu_dereference(anchor.$node),
  rcu_outside_irqs_off() {
    const flags = local_irq_save();
    rcu_dereference(anchor.$node);
    local_irq_restore(flags);
  },
  rcu_outside_preempt_off() {
    preempt_disable();
    rcu_dereference(anchor.$node);
    preempt_enable();
  },
  rcu_outside_bh() {
    rcu_read_lock_bh();
    rcu_dereference(anchor.$node);
    rcu_read_unlock_bh();
  },
  rcu_after_unlock() {
    rcu_read_lock();
    rcu_read_unlock();
    rcu_dereference(anchor.$node);
  },
  rcu_check_wrong_lock: () =>
    void rcu_dereference_check(anchor.$node, lockdep_is_held(update_lock)),
  rcu_protected_in_reader() {
    rcu_read_lock();
    rcu_dereference_protected(anchor.$node, lockdep_is_held(update_lock));
    rcu_read_unlock();
  },
  rcu_replace_unlocked: () =>
    void rcu_replace_pointer(anchor.$node, null, lockdep_is_held(update_lock)),
  rcu_bh_in_reader() {
    rcu_read_lock();
    rcu_dereference_bh(anchor.$node);
    rcu_read_unlock();
  },
  rcu_sched_in_reader() {
    rcu_read_lock();
    rcu_dereference_sched(anchor.$node);
    rcu_read_unlock();
  },
  rcu_none_held: () => RCU_LOCKDEP_WARN(!rcu_read_lock_any_held(), "no reader of any flavour"),
  rcu_unlock_too_often() {
    rcu_read_lock();
    rcu_read_unlock();
    rcu_read_unlock();
  },
  rcu_unlock_bh: () => rcu_read_unlock_bh(),
  rcu_unlock_sched: () => rcu_read_unlock_sched(),
  rcu_unlock_wrong_flavour() {
    rcu_read_lock_bh();
    rcu_read_unlock();
    rcu_read_unlock_bh();
  },
  rcu_queued_twice() {
    const n = node_new();
    call_rcu(n.rcu, node_callback);
    call_rcu(n.rcu, node_callback);
  },
  rcu_freed_while_queued() {
    const n = node_new();
    call_rcu(n.rcu, node_callback);
    kfree(n);
  },
  rcu_sync_in_reader() {
    rcu_read_lock();
    synchronize_rcu();
    rcu_read_unlock();
  },
  rcu_sync_in_bh_reader() {
    rcu_read_lock_bh();
    synchronize_rcu();
    rcu_read_unlock_bh();
  },
  rcu_sleep_in_bh_reader() {
    rcu_read_lock_bh();
    might_sleep();
    rcu_read_unlock_bh();
  },
  rcu_sleep_in_sched_reader() {
    rcu_read_lock_sched();
    might_sleep();
    rcu_read_unlock_sched();
  },
  sleep_on_lock_irqs_off() {
    const flags = local_irq_save();
    spin_lock(update_lock);
    spin_unlock(update_lock);
    local_irq_restore(flags);
  },
  sleep_on_lock_preempt_off() {
    preempt_disable();
    spin_lock(update_lock);
    spin_unlock(update_lock);
    preempt_enable();
  },
  sleep_on_lock_ok() {
    rcu_read_lock();
    const flags = spin_lock_irqsave(update_lock);
    spin_unlock_irqrestore(update_lock, flags);
    rcu_read_unlock();
  },
  rcu_sleep_in_reader() {
    rcu_read_lock();
    might_sleep();
    rcu_read_unlock();
  },
  rcu_ok() {
    publish(node_new());
    rcu_read_lock();
    const v = rcu_dereference(anchor.$node)?.v ?? 0;
    rcu_read_lock();
    kfree(kzalloc(node, GFP_ATOMIC));
    rcu_read_unlock();
    RCU_LOCKDEP_WARN(!rcu_read_lock_any_held(), "a reader");
    rcu_read_unlock();
    publish(null);
    synchronize_rcu();
    return v;
  },
  rcu_flavours_ok() {
    rcu_read_lock_bh();
    rcu_dereference_bh(anchor.$node);
    RCU_LOCKDEP_WARN(!rcu_read_lock_any_held(), "a reader");
    rcu_read_unlock_bh();
    rcu_read_lock_sched();
    rcu_dereference_sched(anchor.$node);
    rcu_read_unlock_sched();
    const flags = local_irq_save();
    rcu_dereference_sched(anchor.$node);
    RCU_LOCKDEP_WARN(!rcu_read_lock_any_held(), "a reader");
    local_irq_restore(flags);
    rcu_access_pointer(anchor.$node);
    rcu_dereference_raw(anchor.$node);
    spin_lock(update_lock);
    rcu_dereference_check(anchor.$node, lockdep_is_held(update_lock));
    rcu_dereference_protected(anchor.$node, lockdep_is_held(update_lock));
    spin_unlock(update_lock);
  },
  rcu_queued_again_ok() {
    const n = node_new();
    call_rcu(n.rcu, node_again);
  },
};
