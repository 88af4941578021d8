/**
 * Reference counts that are per-CPU until they are killed — lib/percpu-refcount.c,
 * include/linux/percpu-refcount.h (v5.5 to v5.9: the count is part of the ref).
 *
 * MODEL: the machine has 32 bits, so the bias is 2^31. `percpu_count_ptr` holds the shifted address
 * of the per-CPU counters, and two flag bits.
 *
 * @module
 */
import {
  array_load,
  array_store,
  atomic_add,
  atomic_add_unless,
  atomic_read,
  atomic_set,
  atomic_sub_and_test,
  READ_ONCE,
  smp_store_release,
  this_cpu_add,
} from "../machine/memory/access.ts";
import { config } from "../machine/words/config.ts";
import { BUG_ON, WARN_ON_ONCE } from "../machine/findings/warn.ts";
import * as registers from "../machine/layout/registers.ts";
import { kernel } from "../machine/calls/registry.ts";
import { container_of, struct } from "../machine/memory/struct.ts";
import { objectAt } from "../machine/memory/objects.ts";
import {
  embed,
  type Fields,
  type Fn,
  fn,
  int,
  type Ptr,
  ptr,
  type Struct,
  tagged,
  watched,
} from "../machine/memory/struct_type.ts";
import { ENOMEM, type gfp_t } from "./errno.ts";
import { call_rcu, rcu_head, rcu_read_lock, rcu_read_unlock } from "./rcu.ts";
import { alloc_percpu, free_percpu, type percpu_counters } from "./slab.ts";
import { DEFINE_SPINLOCK, spin_lock_irqsave, spin_unlock_irqrestore } from "./spinlock.ts";
import { wait_event, wait_event_lock_irq } from "./wait.ts";
import * as defs from "./percpu-refcount-defs.ts";
import { has } from "./version.ts";

const { regs, CPU } = registers;
const {
  PERCPU_COUNT_BIAS,
  PERCPU_REF_ALLOW_REINIT,
  PERCPU_REF_INIT_ATOMIC,
  PERCPU_REF_INIT_DEAD,
  __PERCPU_REF_ATOMIC,
  __PERCPU_REF_ATOMIC_DEAD,
  __PERCPU_REF_DEAD,
  PERCPU_PTR_SHIFT,
} = defs;

/** What is not needed to count in per-CPU mode; part of the ref until 2b0d3d3e4fcf (v5.10). */
export interface percpu_ref_data extends
  Struct,
  Fields<{
    count: number;
    release: Fn | null;
    /** not NULL: a switch to atomic mode is under way */
    confirm_switch: Fn | null;
    force_atomic: number;
    allow_reinit: number;
    rcu: rcu_head;
    /** since 2b0d3d3e4fcf */
    ref: Ptr<percpu_ref>;
  }> {}
export interface percpu_ref
  extends percpu_ref_data, Fields<{ percpu_count_ptr: number; data: Ptr<percpu_ref_data> }> {}
const SPLIT = has("2b0d3d3e4fcf");
const count_ptr_field = tagged(PERCPU_PTR_SHIFT, {
  __PERCPU_REF_ATOMIC,
  __PERCPU_REF_DEAD,
  __PERCPU_REF_ATOMIC_DEAD,
});
export const percpu_ref = struct<percpu_ref>(
  "percpu_ref",
  SPLIT ? { percpu_count_ptr: count_ptr_field, data: ptr } : {
    count: watched("refcount"),
    percpu_count_ptr: count_ptr_field,
    release: fn,
    confirm_switch: fn,
    force_atomic: int,
    allow_reinit: int,
    rcu: embed(rcu_head),
  },
);

export const percpu_ref_switch_lock = DEFINE_SPINLOCK("percpu_ref_switch_lock");

/** The counters, whatever the flags are. */
export function percpu_count_ptr(ref: percpu_ref): percpu_counters | null {
  return objectAt(ref.percpu_count_ptr >> PERCPU_PTR_SHIFT) as percpu_counters | null;
}

/**
 * __ref_is_percpu(): the counters, or false in atomic mode. Context: rcu_read_lock().
 *
 * The counters are NULL if percpu_ref_init() failed. A use is a NULL dereference then.
 */
export function __ref_is_percpu(ref: percpu_ref): percpu_counters | false {
  const percpu_ptr = READ_ONCE(ref.$percpu_count_ptr);
  if ((percpu_ptr & __PERCPU_REF_ATOMIC_DEAD) !== 0) return false;
  return objectAt(percpu_ptr >> PERCPU_PTR_SHIFT) as percpu_counters;
}

/** percpu_ref_init(): one reference and per-CPU mode, unless flags differ. Context: may sleep. */
export const percpu_ref_init = kernel(
  "percpu_ref_init",
  (ref: percpu_ref, release: Fn, flags: number, gfp: gfp_t): number => {
    const counters = alloc_percpu(gfp);
    if (!counters) return -ENOMEM;
    let count_ptr = counters.a << PERCPU_PTR_SHIFT;
    let start_count = 0;
    ref.force_atomic = (flags & PERCPU_REF_INIT_ATOMIC) !== 0 ? 1 : 0;
    let allow_reinit = (flags & PERCPU_REF_ALLOW_REINIT) !== 0;
    if ((flags & (PERCPU_REF_INIT_ATOMIC | PERCPU_REF_INIT_DEAD)) !== 0) {
      count_ptr |= __PERCPU_REF_ATOMIC;
      allow_reinit = true;
    } else {
      start_count += PERCPU_COUNT_BIAS;
    }
    if ((flags & PERCPU_REF_INIT_DEAD) !== 0) count_ptr |= __PERCPU_REF_DEAD;
    else start_count++;
    ref.percpu_count_ptr = count_ptr;
    ref.allow_reinit = allow_reinit ? 1 : 0;
    atomic_set(ref.$count, start_count);
    ref.release = release;
    ref.confirm_switch = null;
    return 0;
  },
  { inline: true },
);

/** percpu_ref_exit(): frees the counters. The ref must not be used afterwards. */
export const percpu_ref_exit = kernel("percpu_ref_exit", (ref: percpu_ref): void => {
  const counters = percpu_count_ptr(ref);
  if (counters) {
    // Not NULL means that a switch is under way.
    WARN_ON_ONCE(ref.confirm_switch !== null, "percpu_ref_exit() during a switch");
    free_percpu(counters);
    ref.percpu_count_ptr = __PERCPU_REF_ATOMIC_DEAD;
  }
}, { inline: true });

/** percpu_ref_get_many() Context: any; the caller owns a reference. */
export const percpu_ref_get_many = kernel(
  "percpu_ref_get_many",
  (ref: percpu_ref, nr: number): void => {
    rcu_read_lock();
    const counters = __ref_is_percpu(ref);
    if (counters !== false) this_cpu_add(counters.$c, regs[CPU], nr);
    else atomic_add(nr, ref.$count);
    rcu_read_unlock();
  },
  { inline: true },
);

/** percpu_ref_get() Context: any; the caller owns a reference. */
export function percpu_ref_get(ref: percpu_ref): void {
  percpu_ref_get_many(ref, 1);
}

/** percpu_ref_tryget_many() Context: any. */
export function tryget_many(ref: percpu_ref, nr: number): boolean {
  let ret: boolean;
  rcu_read_lock();
  const counters = __ref_is_percpu(ref);
  if (counters !== false) {
    this_cpu_add(counters.$c, regs[CPU], nr);
    ret = true;
  } else {
    ret = atomic_add_unless(ref.$count, nr, 0);
  }
  rcu_read_unlock();
  return ret;
}

/** percpu_ref_tryget_many(): all of them or none. Context: any. */
export const percpu_ref_tryget_many = kernel("percpu_ref_tryget_many", tryget_many, {
  inline: true,
});

/** percpu_ref_tryget(): false only if the count is zero. Context: any. */
export const percpu_ref_tryget = kernel(
  "percpu_ref_tryget",
  (ref: percpu_ref): boolean => tryget_many(ref, 1),
  { inline: true },
);

/** percpu_ref_tryget_live(): false after the kill. Context: any. */
export const percpu_ref_tryget_live = kernel(
  "percpu_ref_tryget_live",
  (ref: percpu_ref): boolean => {
    let ret = false;
    rcu_read_lock();
    const counters = __ref_is_percpu(ref);
    if (counters !== false) {
      this_cpu_add(counters.$c, regs[CPU], 1);
      ret = true;
    } else if (!(ref.percpu_count_ptr & __PERCPU_REF_DEAD)) {
      ret = atomic_add_unless(ref.$count, 1, 0);
    }
    rcu_read_unlock();
    return ret;
  },
  { inline: true },
);

/** percpu_ref_put_many(): the last put calls release itself. Context: any. */
export const percpu_ref_put_many = kernel(
  "percpu_ref_put_many",
  (ref: percpu_ref, nr: number): void => {
    rcu_read_lock();
    const counters = __ref_is_percpu(ref);
    if (counters !== false) this_cpu_add(counters.$c, regs[CPU], -nr);
    else if (atomic_sub_and_test(nr, ref.$count)) ref.release!(ref);
    rcu_read_unlock();
  },
  { inline: true },
);

/** percpu_ref_put() Context: any. */
export function percpu_ref_put(ref: percpu_ref): void {
  percpu_ref_put_many(ref, 1);
}

/** percpu_ref_call_confirm_rcu() */
export function percpu_ref_call_confirm(ref: percpu_ref): void {
  ref.confirm_switch!(ref);
  ref.confirm_switch = null; // and wake_up_all(&percpu_ref_switch_waitq)
  // The counters are not needed any more (7d9ab9b6adff, v5.3).
  if (!ref.allow_reinit) percpu_ref_exit(ref);
  // The reference that the start of the switch took.
  percpu_ref_put(ref);
}

/** percpu_ref_switch_to_atomic_rcu(): every CPU sees the flag now. Context: softirq. */
export const percpu_ref_switch_to_atomic_rcu = kernel(
  "percpu_ref_switch_to_atomic_rcu",
  (rcu: rcu_head): void => {
    const ref = container_of(rcu, percpu_ref);
    const counters = percpu_count_ptr(ref)!;
    let count = 0;
    // Only the sum means something: the counter of a single CPU can be negative.
    for (let cpu = 0; cpu < config.cpus; cpu++) count += array_load(counters.$c, cpu);
    atomic_add((count - PERCPU_COUNT_BIAS) | 0, ref.$count);
    WARN_ON_ONCE(
      atomic_read(ref.$count) <= 0,
      "percpu ref <= 0 after switching to atomic",
    );
    percpu_ref_call_confirm(ref);
  },
  { inline: true },
);

export const percpu_ref_noop_confirm_switch = kernel(
  "percpu_ref_noop_confirm_switch",
  (_ref: percpu_ref): void => {},
  { inline: true },
);

/** __percpu_ref_switch_to_atomic() Context: percpu_ref_switch_lock. */
export function __percpu_ref_switch_to_atomic(ref: percpu_ref, confirm_switch: Fn | null): void {
  if (ref.percpu_count_ptr & __PERCPU_REF_ATOMIC) {
    if (confirm_switch) confirm_switch(ref);
    return;
  }
  ref.percpu_count_ptr |= __PERCPU_REF_ATOMIC;
  ref.confirm_switch = confirm_switch ?? percpu_ref_noop_confirm_switch;
  percpu_ref_get(ref);
  call_rcu(ref.rcu, percpu_ref_switch_to_atomic_rcu);
}

/** __percpu_ref_switch_to_percpu() Context: percpu_ref_switch_lock. */
export function __percpu_ref_switch_to_percpu(ref: percpu_ref): void {
  const counters = percpu_count_ptr(ref);
  BUG_ON(!counters);
  if (!(ref.percpu_count_ptr & __PERCPU_REF_ATOMIC)) return;
  if (!ref.allow_reinit) {
    WARN_ON_ONCE(true, "percpu mode without PERCPU_REF_ALLOW_REINIT");
    return;
  }
  atomic_add(PERCPU_COUNT_BIAS, ref.$count);
  for (let cpu = 0; cpu < config.cpus; cpu++) array_store(counters!.$c, cpu, 0);
  // A CPU that sees the flag cleared sees the counters zeroed.
  smp_store_release(ref.$percpu_count_ptr, ref.percpu_count_ptr & ~__PERCPU_REF_ATOMIC);
}

/** __percpu_ref_switch_mode() Context: percpu_ref_switch_lock; may sleep during another switch. */
export function __percpu_ref_switch_mode(ref: percpu_ref, confirm_switch: Fn | null): void {
  wait_event_lock_irq(ref.$confirm_switch, () => !ref.confirm_switch, percpu_ref_switch_lock);
  if (ref.force_atomic || (ref.percpu_count_ptr & __PERCPU_REF_DEAD) !== 0) {
    __percpu_ref_switch_to_atomic(ref, confirm_switch);
  } else {
    __percpu_ref_switch_to_percpu(ref);
  }
}

/** percpu_ref_switch_to_atomic(): until it is switched back. Context: as above. */
export const percpu_ref_switch_to_atomic = kernel(
  "percpu_ref_switch_to_atomic",
  (ref: percpu_ref, confirm_switch: Fn | null): void => {
    const flags = spin_lock_irqsave(percpu_ref_switch_lock);
    ref.force_atomic = 1;
    __percpu_ref_switch_mode(ref, confirm_switch);
    spin_unlock_irqrestore(percpu_ref_switch_lock, flags);
  },
  { inline: true },
);

/** percpu_ref_switch_to_atomic_sync(): the same, and wait for the end. Context: may sleep. */
export function percpu_ref_switch_to_atomic_sync(ref: percpu_ref): void {
  percpu_ref_switch_to_atomic(ref, null);
  const data = SPLIT ? ref.data! : ref;
  wait_event(data.$confirm_switch, () => !data.confirm_switch);
}

/** percpu_ref_switch_to_percpu(): now; a dying ref at the next reinit. Context: as above. */
export const percpu_ref_switch_to_percpu = kernel(
  "percpu_ref_switch_to_percpu",
  (ref: percpu_ref): void => {
    const flags = spin_lock_irqsave(percpu_ref_switch_lock);
    ref.force_atomic = 0;
    __percpu_ref_switch_mode(ref, null);
    spin_unlock_irqrestore(percpu_ref_switch_lock, flags);
  },
  { inline: true },
);

/** percpu_ref_kill_and_confirm(): drop the initial reference; confirm after a grace period. */
export const percpu_ref_kill_and_confirm = kernel(
  "percpu_ref_kill_and_confirm",
  (ref: percpu_ref, confirm_kill: Fn | null): void => {
    const flags = spin_lock_irqsave(percpu_ref_switch_lock);
    WARN_ON_ONCE(
      (ref.percpu_count_ptr & __PERCPU_REF_DEAD) !== 0,
      "percpu_ref_kill() called more than once",
    );
    ref.percpu_count_ptr |= __PERCPU_REF_DEAD;
    __percpu_ref_switch_mode(ref, confirm_kill);
    percpu_ref_put(ref);
    spin_unlock_irqrestore(percpu_ref_switch_lock, flags);
  },
  { inline: true },
);

/** percpu_ref_kill() */
export function percpu_ref_kill(ref: percpu_ref): void {
  percpu_ref_kill_and_confirm(ref, null);
}

/** percpu_ref_is_dying() */
export function percpu_ref_is_dying(ref: percpu_ref): boolean {
  return (READ_ONCE(ref.$percpu_count_ptr) & __PERCPU_REF_DEAD) !== 0;
}

/** percpu_ref_is_zero(): meaningful only in atomic mode. Context: between init and exit. */
export const percpu_ref_is_zero = kernel("percpu_ref_is_zero", (ref: percpu_ref): boolean => {
  if (__ref_is_percpu(ref) !== false) return false;
  return atomic_read(ref.$count) === 0;
}, { inline: true });

/** percpu_ref_resurrect(): undo the kill; references may exist. Context: as for a switch. */
export const percpu_ref_resurrect = kernel("percpu_ref_resurrect", (ref: percpu_ref): void => {
  const flags = spin_lock_irqsave(percpu_ref_switch_lock);
  WARN_ON_ONCE(!(ref.percpu_count_ptr & __PERCPU_REF_DEAD), "percpu_ref_resurrect() of a live ref");
  WARN_ON_ONCE(__ref_is_percpu(ref) !== false, "percpu_ref_resurrect() in per-CPU mode");
  ref.percpu_count_ptr &= ~__PERCPU_REF_DEAD;
  percpu_ref_get(ref);
  __percpu_ref_switch_mode(ref, null);
  spin_unlock_irqrestore(percpu_ref_switch_lock, flags);
}, { inline: true });

/**
 * percpu_ref_reinit(): from zero to the state after percpu_ref_init(). Context: as for a switch.
 */
export const percpu_ref_reinit = kernel("percpu_ref_reinit", (ref: percpu_ref): void => {
  WARN_ON_ONCE(!percpu_ref_is_zero(ref), "percpu_ref_reinit() of a ref that is not zero");
  percpu_ref_resurrect(ref);
}, { inline: true });
