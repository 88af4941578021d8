/** Loops that never end, loops that end after a long time, and waits that cannot end. */
import { atomic_inc, READ_ONCE, WRITE_ONCE } from "../../../src/machine/memory/access.ts";
import { kernel } from "../../../src/machine/calls/registry.ts";
import {
  embed,
  type Fields,
  int as cell,
  type Struct,
} from "../../../src/machine/memory/struct_type.ts";
import { statics } from "../../../src/machine/memory/struct.ts";
import { GFP_KERNEL } from "../../../src/kernel/errno.ts";
import {
  percpu_ref,
  percpu_ref_init,
  percpu_ref_kill,
  percpu_ref_tryget,
  percpu_ref_tryget_live,
} from "../../../src/kernel/percpu-refcount.ts";
import {
  call_rcu,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  synchronize_rcu,
} from "../../../src/kernel/rcu.ts";
import {
  DEFINE_SPINLOCK,
  local_irq_restore,
  local_irq_save,
  spin_lock,
  spin_trylock,
  spin_unlock,
} from "../../../src/kernel/spinlock.ts";

interface stage
  extends
    Struct,
    Fields<{ ping: number; pong: number; n: number; refs: percpu_ref; rcu: rcu_head }> {}
const stage = statics<stage>("hang_stage", {
  ping: cell,
  pong: cell,
  n: cell,
  refs: embed(percpu_ref),
  rcu: embed(rcu_head),
}, 1)[0];
const busy_lock = DEFINE_SPINLOCK("hang_lock");

const wait_for_ping = kernel("wait_for_ping", (): void => {
  while (READ_ONCE(stage.$ping) === 0);
});
const wait_for_pong = kernel("wait_for_pong", (): void => {
  while (READ_ONCE(stage.$pong) === 0);
});
const set_ping = kernel("set_ping", (_rcu: rcu_head): void => WRITE_ONCE(stage.$ping, 1));
const stage_release = kernel("stage_release", (_ref: percpu_ref): void => {});

/**
 * The loop of get_mem_cgroup_from_current(). B31 (corpus/README.md) is this loop with
 * percpu_ref_tryget_live().
 */
const retry_tryget = kernel(
  "retry_tryget",
  (tryget: (ref: percpu_ref) => boolean): void => {
    rcu_read_lock();
    while (!tryget(stage.refs)) READ_ONCE(stage.$n);
    rcu_read_unlock();
  },
);

export const hangPlants: Record<string, () => number | void> = {
  hang_ping: () => wait_for_ping(),
  hang_pong: () => wait_for_pong(),
  hang_set_ping: () => set_ping(stage.rcu),
  hang_set_pong: () => WRITE_ONCE(stage.$pong, 1),
  hang_dying() {
    percpu_ref_init(stage.refs, stage_release, 0, GFP_KERNEL);
    percpu_ref_kill(stage.refs);
    synchronize_rcu();
  },
  hang_tryget: () => retry_tryget(percpu_ref_tryget),
  hang_tryget_live: () => retry_tryget(percpu_ref_tryget_live),
  hang_counting() {
    for (;;) atomic_inc(stage.$n);
  },
  hang_irqs_off() {
    local_irq_save();
    wait_for_ping();
  },
  hang_irqs_off_counting() {
    local_irq_save();
    for (;;) atomic_inc(stage.$n);
  },
  hang_irqs_flicker() {
    for (;;) {
      const flags = local_irq_save();
      READ_ONCE(stage.$n);
      local_irq_restore(flags);
    }
  },
  hang_reader() {
    rcu_read_lock();
    wait_for_ping();
    rcu_read_unlock();
  },
  hang_reader_counting() {
    rcu_read_lock();
    for (;;) atomic_inc(stage.$n);
  },
  hang_sync_then_ping() {
    synchronize_rcu();
    set_ping(stage.rcu);
  },
  /**
   * With `--preempt rt` a reader may sleep on a spinlock, and the lock's owner may wait for
   * readers.
   */
  hang_lock_in_reader() {
    rcu_read_lock();
    spin_lock(busy_lock);
    spin_unlock(busy_lock);
    rcu_read_unlock();
  },
  hang_sync_with_lock() {
    spin_lock(busy_lock);
    synchronize_rcu();
    spin_unlock(busy_lock);
  },
  hang_trylock() {
    while (!spin_trylock(busy_lock)) READ_ONCE(stage.$n);
    spin_unlock(busy_lock);
  },
  hang_ping_with_lock() {
    spin_lock(busy_lock);
    wait_for_ping();
    spin_unlock(busy_lock);
  },
  hang_callback() {
    call_rcu(stage.rcu, set_ping);
    wait_for_ping();
  },
  hang_bounded() {
    for (let i = 0; i < 700; i++) READ_ONCE(stage.$n);
  },
  hang_first() {
    WRITE_ONCE(stage.$ping, 1);
    wait_for_pong();
  },
  hang_second() {
    wait_for_ping();
    WRITE_ONCE(stage.$pong, 1);
  },
};
