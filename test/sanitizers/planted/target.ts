/** Small bugs, one operation each, and next to them the correct code. */
import {
  array_read,
  atomic_inc,
  READ_ONCE,
  WRITE_ONCE,
} from "../../../src/machine/memory/access.ts";
import { BUG_ON, WARN_ON } from "../../../src/machine/findings/warn.ts";
import { UNINIT } from "../../../src/machine/hooks/uninit.ts";
import { kernel } from "../../../src/machine/calls/registry.ts";
import {
  array,
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
  percpu_ref,
  percpu_ref_exit,
  percpu_ref_get_many,
  percpu_ref_init,
  percpu_ref_kill,
  percpu_ref_put_many,
} from "../../../src/kernel/percpu-refcount.ts";
import {
  kfree_rcu,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  synchronize_rcu,
} from "../../../src/kernel/rcu.ts";
import { kfree, kmalloc, kzalloc } from "../../../src/kernel/slab.ts";
import {
  DEFINE_MUTEX,
  DEFINE_SPINLOCK,
  local_irq_restore,
  local_irq_save,
  mutex_lock,
  mutex_unlock,
  preempt_disable,
  preempt_enable,
  spin_lock,
  spin_lock_irqsave,
  spin_trylock,
  spin_unlock,
  spin_unlock_irqrestore,
  type spinlock_t,
} from "../../../src/kernel/spinlock.ts";
import { memoryPlants } from "./memory.ts";
import { hangPlants } from "./hang.ts";
import { odebugPlants } from "./odebug.ts";
import { rcuPlants } from "./rcu.ts";
import { lockPlants } from "./locks.ts";
import { type OpDefinition, ref, type Target } from "../../../src/prog/target.ts";

interface widget
  extends
    Struct,
    Fields<{ v: number; next: Ptr<widget>; list: number[]; refs: percpu_ref; rcu: rcu_head }> {}
const widget = struct<widget>("widget", {
  v: cell,
  next: ptr,
  list: array(2),
  refs: embed(percpu_ref),
  rcu: embed(rcu_head),
}, 8);
interface shelf extends Struct, Fields<{ head: Ptr<widget>; n: number }> {}
const shelf = statics<shelf>("shelf", { head: ptr, n: cell }, 1)[0];
const A = DEFINE_SPINLOCK("lock_a");
const B = DEFINE_SPINLOCK("lock_b");
const M = DEFINE_MUTEX("mutex_m");

const widget_new = kernel("widget_new", (): widget => kzalloc(widget, GFP_KERNEL)!);
const widget_free = kernel("widget_free", (w: widget): void => kfree(w));
const widget_read = kernel("widget_read", (w: widget): number => READ_ONCE(w.$v));
const widget_write = kernel("widget_write", (w: widget): void => {
  w.v = 1;
});
const widget_release = kernel("widget_release", (_ref: percpu_ref): void => {});

const in_order = kernel("in_order", (x: spinlock_t, y: spinlock_t): void => {
  spin_lock(x);
  spin_lock(y);
  spin_unlock(y);
  spin_unlock(x);
});

const plants: Record<string, () => number | void> = {
  // KASAN
  kasan_uaf_read() {
    const w = widget_new();
    widget_free(w);
    widget_read(w);
  },
  kasan_uaf_write() {
    const w = widget_new();
    widget_free(w);
    widget_write(w);
  },
  kasan_double_free() {
    const w = widget_new();
    widget_free(w);
    widget_free(w);
  },
  kasan_out_of_bounds() {
    const w = widget_new();
    array_read(w.refs.rcu.$func, 1); // the cell after the last one but one
    array_read(w.rcu.$func, 1); // the redzone
    widget_free(w);
  },
  kasan_wild: () => widget_read(widget.objects[7]),
  kasan_free_static: () => kfree(shelf),
  kasan_free_middle() {
    const w = widget_new();
    kfree(w.refs);
  },
  kasan_null: () => shelf.head!.v,
  kasan_ok() {
    const w = widget_new();
    widget_write(w);
    array_read(w.$list, 1);
    const v = widget_read(w);
    widget_free(w);
    kfree(null);
    return v;
  },
  // KMSAN
  kmsan_return: () => UNINIT,
  kmsan_field() {
    const w = kmalloc(widget, GFP_KERNEL)!;
    const v = widget_read(w);
    kfree(w);
    return v === 0 ? 0 : 1;
  },
  kmsan_ok() {
    const w = kmalloc(widget, GFP_KERNEL)!;
    WRITE_ONCE(w.$v, 3);
    const v = widget_read(w);
    kfree(w);
    return v;
  },
  // refcount
  refcount_resurrect() {
    shelf.head = widget_new();
    percpu_ref_init(shelf.head!.refs, widget_release, 0, GFP_KERNEL);
    percpu_ref_kill(shelf.head!.refs);
    synchronize_rcu();
  },
  refcount_get: () => percpu_ref_get_many(shelf.head!.refs, 1),
  refcount_put: () => percpu_ref_put_many(shelf.head!.refs, 1),
  refcount_exit: () => percpu_ref_exit(shelf.head!.refs),
  refcount_free() {
    const w = shelf.head!;
    percpu_ref_exit(w.refs);
    shelf.head = null;
    kfree(w);
  },
  // lockdep
  lockdep_recursion: () => in_order(A, A),
  lockdep_ab: () => in_order(A, B),
  lockdep_ba: () => in_order(B, A),
  lockdep_try_ba() {
    spin_lock(B);
    if (spin_trylock(A)) spin_unlock(A);
    spin_unlock(B);
  },
  // balance
  balance_irq: () => void local_irq_save(),
  balance_preempt: () => preempt_disable(),
  balance_rcu: () => rcu_read_lock(),
  balance_lock: () => mutex_lock(M),
  balance_nested() {
    const flags = spin_lock_irqsave(A);
    const inner = local_irq_save();
    local_irq_restore(inner);
    spin_unlock_irqrestore(A, flags);
    rcu_read_lock();
    rcu_read_lock();
    rcu_read_unlock();
    rcu_read_unlock();
    preempt_disable();
    preempt_enable();
    mutex_lock(M);
    mutex_unlock(M);
  },
  // kmemleak
  leak_nobody: () => void widget_new(),
  leak_held() {
    shelf.head = widget_new();
  },
  leak_chain() {
    const w = widget_new();
    w.next = widget_new();
    shelf.head = w;
  },
  leak_ok() {
    shelf.head = widget_new();
    kfree_rcu(shelf.head.rcu);
    shelf.head = null;
  },
  // might_sleep
  sleep_irq() {
    const flags = local_irq_save();
    kfree(kzalloc(widget, GFP_KERNEL));
    local_irq_restore(flags);
  },
  sleep_spinlock() {
    spin_lock(A);
    mutex_lock(M);
    mutex_unlock(M);
    spin_unlock(A);
  },
  sleep_rcu() {
    rcu_read_lock();
    synchronize_rcu();
    rcu_read_unlock();
  },
  sleep_ok() {
    spin_lock(A);
    kfree(kzalloc(widget, GFP_ATOMIC));
    spin_unlock(A);
    mutex_lock(M);
    kfree(kzalloc(widget, GFP_KERNEL));
    synchronize_rcu();
    mutex_unlock(M);
  },
  // in place
  warn: () => WARN_ON(shelf.n === 0, "there are none"),
  bug: () => BUG_ON(shelf.n === 0, "there are none"),
  warn_ok: () => WARN_ON(shelf.n !== 0, "there are some"),
  // no progress
  lockup() {
    while (READ_ONCE(shelf.$n) === 0);
  },
  progress: () => atomic_inc(shelf.$n),
};

const ops: Record<string, OpDefinition> = {};
for (
  const [name, run] of Object.entries({
    ...plants,
    ...rcuPlants,
    ...hangPlants,
    ...memoryPlants,
    ...odebugPlants,
  })
) {
  ops[name] = { doc: "Planted.", contexts: ["task", "hardirq"], run };
}
for (const [name, run] of Object.entries(lockPlants)) {
  ops[name] = { doc: "Planted.", contexts: ["task", "softirq", "hardirq", "nmi"], run };
}
const w = [ref("widget")];
ops.make = { doc: "One to share.", result: "widget", run: () => widget_new().a };
ops.free = { doc: "Free it.", args: w, run: widget_free };
ops.read = { doc: "Read it.", args: w, run: widget_read };

const target: Target = { name: "planted", doc: "Planted bugs.", ops };
export default target;
