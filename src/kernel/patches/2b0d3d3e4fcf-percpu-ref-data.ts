/**
 * 2b0d3d3e4fcf ("percpu_ref: reduce memory footprint of percpu_ref in fast path"), v5.10.
 *
 * What the fast path does not need is allocated by itself, so percpu_ref_init() can fail in two
 * places, and percpu_ref_exit() frees it: whoever uses the ref after that follows a NULL pointer.
 * The check of ref->data in __percpu_ref_exit() came with a fix before v5.10 was released.
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
  smp_store_release,
  this_cpu_add,
} from "../../machine/memory/access.ts";
import { BUG_ON, WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { container_of, struct } from "../../machine/memory/struct.ts";
import { embed, type Fn, fn, int, ptr, watched } from "../../machine/memory/struct_type.ts";
import { config } from "../../machine/words/config.ts";
import { CPU, regs } from "../../machine/layout/registers.ts";
import { ENOMEM, type gfp_t } from "../errno.ts";
import {
  __PERCPU_REF_ATOMIC,
  __PERCPU_REF_ATOMIC_DEAD,
  __PERCPU_REF_DEAD,
  PERCPU_COUNT_BIAS,
  PERCPU_PTR_SHIFT,
  PERCPU_REF_ALLOW_REINIT,
  PERCPU_REF_INIT_ATOMIC,
  PERCPU_REF_INIT_DEAD,
} from "../percpu-refcount-defs.ts";
import * as base from "../percpu-refcount.ts";
import {
  __ref_is_percpu,
  percpu_count_ptr,
  type percpu_ref,
  percpu_ref_get,
  percpu_ref_noop_confirm_switch,
  percpu_ref_put,
  percpu_ref_switch_lock,
} from "../percpu-refcount.ts";
import { call_rcu, rcu_head, rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { alloc_percpu, free_percpu, kfree, kzalloc } from "../slab.ts";
import { spin_lock_irqsave, spin_unlock_irqrestore } from "../spinlock.ts";
import { wait_event_lock_irq } from "../wait.ts";
import { kernelFunction } from "../../machine/calls/registry.ts";
import { commit } from "./patch.ts";

type percpu_ref_data = base.percpu_ref_data;
export const percpu_ref_data = struct<percpu_ref_data>("percpu_ref_data", {
  count: watched("refcount"),
  release: fn,
  confirm_switch: fn,
  force_atomic: int,
  allow_reinit: int,
  rcu: embed(rcu_head),
  ref: ptr,
}, 88);

const percpu_ref_switch_to_atomic_rcu = kernelFunction("percpu_ref_switch_to_atomic_rcu")!;

/** percpu_ref_is_dying(): a plain load. */
function percpu_ref_is_dying(ref: percpu_ref): boolean {
  return (ref.percpu_count_ptr & __PERCPU_REF_DEAD) !== 0;
}

/** __percpu_ref_exit() */
function __percpu_ref_exit(ref: percpu_ref): void {
  const counters = percpu_count_ptr(ref);
  if (!counters) return;
  // Not NULL means that a switch is under way.
  WARN_ON_ONCE(
    ref.data !== null && ref.data.confirm_switch !== null,
    "percpu_ref_exit() during a switch",
  );
  free_percpu(counters);
  ref.percpu_count_ptr = __PERCPU_REF_ATOMIC_DEAD;
}

/** percpu_ref_call_confirm_rcu() */
function percpu_ref_call_confirm(data: percpu_ref_data): void {
  const ref = data.ref!;
  data.confirm_switch!(ref);
  data.confirm_switch = null; // and wake_up_all(&percpu_ref_switch_waitq)
  if (!data.allow_reinit) __percpu_ref_exit(ref);
  percpu_ref_put(ref);
}

/** __percpu_ref_switch_to_atomic() Context: percpu_ref_switch_lock. */
function __percpu_ref_switch_to_atomic(ref: percpu_ref, confirm_switch: Fn | null): void {
  if (ref.percpu_count_ptr & __PERCPU_REF_ATOMIC) {
    if (confirm_switch) confirm_switch(ref);
    return;
  }
  ref.percpu_count_ptr |= __PERCPU_REF_ATOMIC;
  ref.data!.confirm_switch = confirm_switch ?? percpu_ref_noop_confirm_switch;
  percpu_ref_get(ref);
  call_rcu(ref.data!.rcu, percpu_ref_switch_to_atomic_rcu);
}

/** __percpu_ref_switch_to_percpu() Context: percpu_ref_switch_lock. */
function __percpu_ref_switch_to_percpu(ref: percpu_ref): void {
  const counters = percpu_count_ptr(ref);
  BUG_ON(!counters);
  if (!(ref.percpu_count_ptr & __PERCPU_REF_ATOMIC)) return;
  if (!ref.data!.allow_reinit) {
    WARN_ON_ONCE(true, "percpu mode without PERCPU_REF_ALLOW_REINIT");
    return;
  }
  atomic_add(PERCPU_COUNT_BIAS, ref.data!.$count);
  for (let cpu = 0; cpu < config.cpus; cpu++) array_store(counters!.$c, cpu, 0);
  smp_store_release(ref.$percpu_count_ptr, ref.percpu_count_ptr & ~__PERCPU_REF_ATOMIC);
}

/** __percpu_ref_switch_mode() Context: percpu_ref_switch_lock; may sleep during another switch. */
function __percpu_ref_switch_mode(ref: percpu_ref, confirm_switch: Fn | null): void {
  const data = ref.data!;
  wait_event_lock_irq(data.$confirm_switch, () => !data.confirm_switch, percpu_ref_switch_lock);
  if (data.force_atomic || percpu_ref_is_dying(ref)) {
    __percpu_ref_switch_to_atomic(ref, confirm_switch);
  } else {
    __percpu_ref_switch_to_percpu(ref);
  }
}

/** percpu_ref_switch_to_atomic() and percpu_ref_switch_to_percpu() Context: as above. */
function switch_mode(ref: percpu_ref, force_atomic: number, confirm_switch: Fn | null): void {
  const flags = spin_lock_irqsave(percpu_ref_switch_lock);
  ref.data!.force_atomic = force_atomic;
  __percpu_ref_switch_mode(ref, confirm_switch);
  spin_unlock_irqrestore(percpu_ref_switch_lock, flags);
}

/** percpu_ref_tryget_many() Context: any. */
function tryget_many(ref: percpu_ref, nr: number): boolean {
  let ret: boolean;
  rcu_read_lock();
  const counters = __ref_is_percpu(ref);
  if (counters !== false) {
    this_cpu_add(counters.$c, regs[CPU], nr);
    ret = true;
  } else {
    ret = atomic_add_unless(ref.data!.$count, nr, 0);
  }
  rcu_read_unlock();
  return ret;
}

/** What percpu_ref_init() makes of the flags, once everything is allocated. */
function set_up(ref: percpu_ref, data: percpu_ref_data, release: Fn, flags: number): void {
  let start_count = 0;
  data.force_atomic = (flags & PERCPU_REF_INIT_ATOMIC) !== 0 ? 1 : 0;
  data.allow_reinit = (flags & PERCPU_REF_ALLOW_REINIT) !== 0 ? 1 : 0;
  if ((flags & (PERCPU_REF_INIT_ATOMIC | PERCPU_REF_INIT_DEAD)) !== 0) {
    ref.percpu_count_ptr |= __PERCPU_REF_ATOMIC;
    data.allow_reinit = 1;
  } else {
    start_count += PERCPU_COUNT_BIAS;
  }
  if ((flags & PERCPU_REF_INIT_DEAD) !== 0) ref.percpu_count_ptr |= __PERCPU_REF_DEAD;
  else start_count++;
  atomic_set(data.$count, start_count);
  data.release = release;
  data.confirm_switch = null;
  data.ref = ref;
  ref.data = data;
}

/** percpu_ref_init(), and what becomes of the pointer to the counters when the rest has no memory. */
export function init(
  ref: percpu_ref,
  release: Fn,
  flags: number,
  gfp: gfp_t,
  forget: boolean,
): number {
  const counters = alloc_percpu(gfp);
  ref.percpu_count_ptr = counters === null ? 0 : counters.a << PERCPU_PTR_SHIFT;
  if (!counters) return -ENOMEM;
  const data = kzalloc(percpu_ref_data, gfp);
  if (!data) {
    free_percpu(counters);
    if (forget) ref.percpu_count_ptr = 0;
    return -ENOMEM;
  }
  set_up(ref, data, release, flags);
  return 0;
}

export default commit({
  commit: "2b0d3d3e4fcf",
  subject: "percpu_ref: reduce memory footprint of percpu_ref in fast path",
  version: "v5.10",
  brings: ["k02"],
}, {
  percpu_ref_init(ref: percpu_ref, release: Fn, flags: number, gfp: gfp_t): number {
    return init(ref, release, flags, gfp, false);
  },

  percpu_ref_exit(ref: percpu_ref): void {
    const data = ref.data;
    __percpu_ref_exit(ref);
    if (!data) return;
    const flags = spin_lock_irqsave(percpu_ref_switch_lock);
    // What was counted is kept for percpu_ref_is_zero().
    ref.percpu_count_ptr |= atomic_read(ref.data!.$count) << PERCPU_PTR_SHIFT;
    ref.data = null;
    spin_unlock_irqrestore(percpu_ref_switch_lock, flags);
    kfree(data);
  },

  percpu_ref_get_many(ref: percpu_ref, nr: number): void {
    rcu_read_lock();
    const counters = __ref_is_percpu(ref);
    if (counters !== false) this_cpu_add(counters.$c, regs[CPU], nr);
    else atomic_add(nr, ref.data!.$count);
    rcu_read_unlock();
  },

  percpu_ref_tryget_many: (ref: percpu_ref, nr: number): boolean => tryget_many(ref, nr),

  percpu_ref_tryget: (ref: percpu_ref): boolean => tryget_many(ref, 1),

  percpu_ref_tryget_live(ref: percpu_ref): boolean {
    let ret = false;
    rcu_read_lock();
    const counters = __ref_is_percpu(ref);
    if (counters !== false) {
      this_cpu_add(counters.$c, regs[CPU], 1);
      ret = true;
    } else if (!(ref.percpu_count_ptr & __PERCPU_REF_DEAD)) {
      ret = atomic_add_unless(ref.data!.$count, 1, 0);
    }
    rcu_read_unlock();
    return ret;
  },

  percpu_ref_put_many(ref: percpu_ref, nr: number): void {
    rcu_read_lock();
    const counters = __ref_is_percpu(ref);
    if (counters !== false) this_cpu_add(counters.$c, regs[CPU], -nr);
    else if (atomic_sub_and_test(nr, ref.data!.$count)) ref.data!.release!(ref);
    rcu_read_unlock();
  },

  percpu_ref_switch_to_atomic_rcu(rcu: rcu_head): void {
    const data = container_of(rcu, percpu_ref_data);
    const counters = percpu_count_ptr(data.ref!)!;
    let count = 0;
    for (let cpu = 0; cpu < config.cpus; cpu++) count += array_load(counters.$c, cpu);
    atomic_add((count - PERCPU_COUNT_BIAS) | 0, data.$count);
    WARN_ON_ONCE(atomic_read(data.$count) <= 0, "percpu ref <= 0 after switching to atomic");
    percpu_ref_call_confirm(data);
  },

  percpu_ref_switch_to_atomic(ref: percpu_ref, confirm_switch: Fn | null): void {
    switch_mode(ref, 1, confirm_switch);
  },

  percpu_ref_switch_to_percpu(ref: percpu_ref): void {
    switch_mode(ref, 0, null);
  },

  percpu_ref_kill_and_confirm(ref: percpu_ref, confirm_kill: Fn | null): void {
    const flags = spin_lock_irqsave(percpu_ref_switch_lock);
    WARN_ON_ONCE(percpu_ref_is_dying(ref), "percpu_ref_kill() called more than once");
    ref.percpu_count_ptr |= __PERCPU_REF_DEAD;
    __percpu_ref_switch_mode(ref, confirm_kill);
    percpu_ref_put(ref);
    spin_unlock_irqrestore(percpu_ref_switch_lock, flags);
  },

  percpu_ref_is_zero(ref: percpu_ref): boolean {
    if (__ref_is_percpu(ref) !== false) return false;
    const flags = spin_lock_irqsave(percpu_ref_switch_lock);
    const count = ref.data
      ? atomic_read(ref.data.$count)
      : ref.percpu_count_ptr >> PERCPU_PTR_SHIFT;
    spin_unlock_irqrestore(percpu_ref_switch_lock, flags);
    return count === 0;
  },

  percpu_ref_resurrect(ref: percpu_ref): void {
    const flags = spin_lock_irqsave(percpu_ref_switch_lock);
    WARN_ON_ONCE(!percpu_ref_is_dying(ref), "percpu_ref_resurrect() of a live ref");
    WARN_ON_ONCE(__ref_is_percpu(ref) !== false, "percpu_ref_resurrect() in per-CPU mode");
    ref.percpu_count_ptr &= ~__PERCPU_REF_DEAD;
    percpu_ref_get(ref);
    __percpu_ref_switch_mode(ref, null);
    spin_unlock_irqrestore(percpu_ref_switch_lock, flags);
  },
});
