/** A target with percpu_ref only. */
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
  percpu_ref_get_many,
  percpu_ref_init,
  percpu_ref_is_dying,
  percpu_ref_is_zero,
  percpu_ref_kill_and_confirm,
  percpu_ref_put_many,
  percpu_ref_tryget,
  percpu_ref_tryget_live,
} from "../../src/kernel/percpu-refcount.ts";
import { rcu_read_lock, rcu_read_unlock } from "../../src/kernel/rcu.ts";
import { kfree, kzalloc } from "../../src/kernel/slab.ts";
import { ref, type Target } from "../../src/prog/target.ts";

interface thing extends Struct, Fields<{ refs: percpu_ref; released: number; confirmed: number }> {}
const thing = struct<thing>(
  "thing",
  { refs: embed(percpu_ref), released: cell, confirmed: cell },
  8,
);

const thing_release = kernel("thing_release", (refs: percpu_ref): void => {
  atomic_inc(container_of(refs, thing).$released);
});
const thing_confirm = kernel("thing_confirm", (refs: percpu_ref): void => {
  atomic_inc(container_of(refs, thing).$confirmed);
});
const thing_new = kernel("thing_new", (): number => {
  const t = kzalloc(thing, GFP_KERNEL);
  if (!t) return -12;
  const err = percpu_ref_init(t.refs, thing_release, 0, GFP_KERNEL);
  if (err) kfree(t);
  return err || t.a;
});
const thing_reader = kernel("thing_reader", (t: thing): void => {
  rcu_read_lock();
  atomic_read(t.$released);
  atomic_read(t.$confirmed);
  rcu_read_unlock();
});

const doc = "See percpu-refcount.h.";
const args = [ref("thing")];
const EVERYWHERE = ["task", "softirq", "hardirq"] as const;

const target: Target = {
  name: "percpu_ref_test",
  doc: "One percpu_ref after the other.",
  ops: {
    make: { doc, result: "thing", allocs: 3, run: thing_new },
    get: { doc, args, contexts: EVERYWHERE, run: (t: thing) => percpu_ref_get_many(t.refs, 1) },
    put: { doc, args, contexts: EVERYWHERE, run: (t: thing) => percpu_ref_put_many(t.refs, 1) },
    tryget: { doc, args, run: (t: thing) => Number(percpu_ref_tryget(t.refs)) },
    tryget_live: { doc, args, run: (t: thing) => Number(percpu_ref_tryget_live(t.refs)) },
    kill: { doc, args, run: (t: thing) => percpu_ref_kill_and_confirm(t.refs, null) },
    kill_confirm: {
      doc,
      args,
      run: (t: thing) => percpu_ref_kill_and_confirm(t.refs, thing_confirm),
    },
    is_zero: { doc, args, run: (t: thing) => Number(percpu_ref_is_zero(t.refs)) },
    is_dying: { doc, args, run: (t: thing) => Number(percpu_ref_is_dying(t.refs)) },
    exit: { doc, args, run: (t: thing) => percpu_ref_exit(t.refs) },
    free: { doc, args, run: (t: thing) => kfree(t) },
    reader: { doc, args, run: thing_reader },
    released: { doc, args, run: (t: thing) => atomic_read(t.$released) },
    confirmed: { doc, args, run: (t: thing) => atomic_read(t.$confirmed) },
  },
};
export default target;
