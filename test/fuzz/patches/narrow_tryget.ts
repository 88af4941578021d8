/**
 * The leak that 966d2b04e070 mended in v4.10 (RHBZ 1418333): percpu_ref_tryget() hands on what
 * atomic_long_inc_not_zero() returns, which is as wide as the count, in a narrower type.
 *
 * The count of a ref that is about to be added up holds the bias. If nothing else is in it the lower
 * half of it is zero: the reference is taken, and reported as refused.
 *
 * MODEL: the count has 32 bits here, so what gets lost is the upper 16 of them.
 */
import { cmpxchg, READ_ONCE, this_cpu_add } from "../../../src/machine/memory/access.ts";
import { __ref_is_percpu, type percpu_ref } from "../../../src/kernel/percpu-refcount.ts";
import { rcu_read_lock, rcu_read_unlock } from "../../../src/kernel/rcu.ts";
import * as registers from "../../../src/machine/layout/registers.ts";
import { patch } from "../../../src/kernel/patches/patch.ts";

const { regs, CPU } = registers;
const LOWER_HALF = 0xffff;

/** atomic_long_inc_not_zero() of the architectures that return the old value. */
function inc_not_zero(ref: percpu_ref): number {
  let old = READ_ONCE(ref.$count);
  while (old !== 0) {
    const found = cmpxchg(ref.$count, old, (old + 1) | 0);
    if (found === old) break;
    old = found;
  }
  return old;
}

export default patch("narrow_tryget", "a wide result in a narrow type", {
  percpu_ref_tryget(ref: percpu_ref): boolean {
    rcu_read_lock();
    const counters = __ref_is_percpu(ref);
    let ret = 1;
    if (counters !== false) this_cpu_add(counters.$c, regs[CPU], 1);
    else ret = inc_not_zero(ref) & LOWER_HALF;
    rcu_read_unlock();
    return ret !== 0;
  },
});
