/** Operations that keep the documented rules of percpu_ref, and operations that break one each. */
import { atomic_inc, atomic_read } from "../../src/machine/memory/access.ts";
import { kernel } from "../../src/machine/calls/registry.ts";
import { container_of, struct } from "../../src/machine/memory/struct.ts";
import {
  embed,
  type Fields,
  int as cell,
  type Struct,
} from "../../src/machine/memory/struct_type.ts";
import { GFP_KERNEL } from "../../src/kernel/errno.ts";
import {
  percpu_ref,
  percpu_ref_exit,
  percpu_ref_get,
  percpu_ref_get_many,
  percpu_ref_init,
  percpu_ref_is_dying,
  percpu_ref_is_zero,
  percpu_ref_kill,
  percpu_ref_kill_and_confirm,
  percpu_ref_put,
  percpu_ref_put_many,
  percpu_ref_reinit,
  percpu_ref_resurrect,
  percpu_ref_switch_to_atomic,
  percpu_ref_switch_to_atomic_sync,
  percpu_ref_switch_to_percpu,
  percpu_ref_tryget,
  percpu_ref_tryget_live,
  percpu_ref_tryget_many,
} from "../../src/kernel/percpu-refcount.ts";
import { rcu_read_lock, rcu_read_unlock } from "../../src/kernel/rcu.ts";
import { kfree, kzalloc } from "../../src/kernel/slab.ts";
import { preempt_disable, preempt_enable } from "../../src/kernel/spinlock.ts";
import { int, ref, type Target } from "../../src/prog/target.ts";

interface user extends Struct, Fields<{ refs: percpu_ref; released: number; confirmed: number }> {}
const user = struct<user>("user", { refs: embed(percpu_ref), released: cell, confirmed: cell }, 8);

const user_release = kernel("user_release", (refs: percpu_ref): void => {
  atomic_inc(container_of(refs, user).$released);
});
const user_confirm = kernel("user_confirm", (refs: percpu_ref): void => {
  atomic_inc(container_of(refs, user).$confirmed);
});
const user_new = kernel("user_new", (flags: number): number => {
  const u = kzalloc(user, GFP_KERNEL)!;
  percpu_ref_init(u.refs, user_release, flags, GFP_KERNEL);
  return u.a;
});
const user_reader = kernel("user_reader", (u: user): void => {
  rcu_read_lock();
  atomic_read(u.$released);
  atomic_read(u.$confirmed);
  rcu_read_unlock();
});

const doc = "See percpu-refcount.h.";
const args = [ref("user")];
const many = [ref("user"), int("n", 1, 100)];
const op = (run: (u: user) => number | void) => ({ doc, args, run });

const target: Target = {
  name: "percpu_refcount",
  doc: "The rules of lib/percpu-refcount.c.",
  ops: {
    init: { doc, args: [int("flags", 0, 7)], result: "user", run: user_new },
    exit: op((u) => percpu_ref_exit(u.refs)),
    free: { doc, args, consumes: ["user"], run: (u: user) => kfree(u) },
    get: op((u) => percpu_ref_get(u.refs)),
    put: op((u) => percpu_ref_put(u.refs)),
    get_many: { doc, args: many, run: (u: user, n) => percpu_ref_get_many(u.refs, n) },
    put_many: { doc, args: many, run: (u: user, n) => percpu_ref_put_many(u.refs, n) },
    tryget: op((u) => Number(percpu_ref_tryget(u.refs))),
    tryget_many: {
      doc,
      args: many,
      run: (u: user, n) => Number(percpu_ref_tryget_many(u.refs, n)),
    },
    tryget_live: op((u) => Number(percpu_ref_tryget_live(u.refs))),
    kill: { ...op((u) => percpu_ref_kill(u.refs)), contexts: ["task", "softirq", "hardirq"] },
    kill_and_confirm: op((u) => percpu_ref_kill_and_confirm(u.refs, user_confirm)),
    kill_atomic_context: op((u) => {
      preempt_disable();
      percpu_ref_kill(u.refs);
      preempt_enable();
    }),
    switch_to_atomic: op((u) => percpu_ref_switch_to_atomic(u.refs, user_confirm)),
    switch_to_atomic_sync: op((u) => percpu_ref_switch_to_atomic_sync(u.refs)),
    switch_to_percpu: op((u) => percpu_ref_switch_to_percpu(u.refs)),
    reinit: op((u) => percpu_ref_reinit(u.refs)),
    resurrect: op((u) => percpu_ref_resurrect(u.refs)),
    is_zero: op((u) => Number(percpu_ref_is_zero(u.refs))),
    is_dying: op((u) => Number(percpu_ref_is_dying(u.refs))),
    released: op((u) => atomic_read(u.$released)),
    confirmed: op((u) => atomic_read(u.$confirmed)),
    reader: op(user_reader),
  },
};
export default target;
