/**
 * What 20220407103335.36885-1-zhengqi.arch@bytedance.com ("percpu_ref: call wake_up_all() after
 * percpu_ref_put() completes", never merged) is after: whoever waits for the end of a switch to atomic
 * mode goes on when the switch has put its own reference, and not before.
 *
 * MODEL: there are no wait queues; a waiter goes on when confirm_switch is NULL. So that comes last. The
 * put may be the last one, which is harmless where objects are freed after a grace period.
 */
import { array_read, atomic_add, atomic_read } from "../../../src/machine/memory/access.ts";
import { WARN_ON_ONCE } from "../../../src/machine/findings/warn.ts";
import { container_of } from "../../../src/machine/memory/struct.ts";
import { config } from "../../../src/machine/words/config.ts";
import * as defs from "../../../src/kernel/percpu-refcount-defs.ts";
import {
  percpu_count_ptr,
  percpu_ref,
  percpu_ref_exit,
  percpu_ref_put,
} from "../../../src/kernel/percpu-refcount.ts";
import type { rcu_head } from "../../../src/kernel/rcu.ts";
import { patch } from "../../../src/kernel/patches/patch.ts";

const { PERCPU_COUNT_BIAS } = defs;

export default patch("put_before_wake", "percpu_ref: wake up after the put", {
  percpu_ref_switch_to_atomic_rcu(rcu: rcu_head): void {
    const ref = container_of(rcu, percpu_ref);
    const counters = percpu_count_ptr(ref)!;
    let count = 0;
    for (let cpu = 0; cpu < config.cpus; cpu++) count += array_read(counters.$c, cpu);
    atomic_add((count - PERCPU_COUNT_BIAS) | 0, ref.$count);
    WARN_ON_ONCE(atomic_read(ref.$count) <= 0, "percpu ref <= 0 after switching to atomic");
    ref.confirm_switch!(ref);
    const { allow_reinit } = ref;
    percpu_ref_put(ref);
    ref.confirm_switch = null;
    if (!allow_reinit) percpu_ref_exit(ref);
  },
});
