/** A target for tests of the machine: small kernel functions, one per thing to look at. */
import { cellOf } from "../../../src/machine/layout/lvalue.ts";
import {
  atomic_add_return,
  atomic_inc,
  atomic_read,
  READ_ONCE,
  WRITE_ONCE,
  xchg,
} from "../../../src/machine/memory/access.ts";
import { CPU_ABSENT, CPU_READY, STATE } from "../../../src/machine/layout/cpus.ts";
import { WAIT_JOIN, WAIT_WORD } from "../../../src/machine/layout/waits.ts";
import { views } from "../../../src/machine/words/arena.ts";
import { block } from "../../../src/machine/hooks/mode.ts";
import { point } from "../../../src/machine/memory/point.ts";
import { prim } from "../../../src/machine/layout/primitives.ts";
import { thisCpu } from "../../../src/machine/words/cpu_state.ts";
import { kernel } from "../../../src/machine/calls/registry.ts";
import { slabAlloc } from "../../../src/machine/memory/slab.ts";
import {
  array,
  embed,
  type Fields,
  int as cell,
  type Ptr,
  ptr,
  type Struct,
} from "../../../src/machine/memory/struct_type.ts";
import { container_of, statics, struct } from "../../../src/machine/memory/struct.ts";
import {
  call_rcu,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  synchronize_rcu,
} from "../../../src/kernel/rcu.ts";
import {
  DEFINE_MUTEX,
  DEFINE_SPINLOCK,
  local_irq_restore,
  local_irq_save,
  type mutex,
  mutex_lock,
  mutex_unlock,
  preempt_disable,
  preempt_enable,
  spin_lock,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irqrestore,
  type spinlock_t,
} from "../../../src/kernel/spinlock.ts";
import { INIT_WORK, queue_work_on, system_wq, work_struct } from "../../../src/kernel/workqueue.ts";
import { cpu, int, type Target } from "../../../src/prog/target.ts";

const { ctl } = views();

interface lab extends
  Struct,
  Fields<{
    x: number;
    y: number;
    done: number;
    worked: number;
    word: number;
    next: Ptr<lab>;
    seen: number;
  }> {}
const lab = statics<lab>("lab", {
  x: cell,
  y: cell,
  done: cell,
  worked: cell,
  word: cell,
  next: ptr,
  seen: array(4),
}, 1)[0];

interface item extends Struct, Fields<{ rcu: rcu_head; work: work_struct }> {}
const items = statics<item>("lab_item", { rcu: embed(rcu_head), work: embed(work_struct) }, 8);
interface scarce extends Struct, Fields<{ v: number }> {}
const scarce = struct<scarce>("scarce", { v: cell }, 3);

const A = DEFINE_SPINLOCK("lab_a");
const B = DEFINE_SPINLOCK("lab_b");
const M = DEFINE_MUTEX("lab_m");
const N = DEFINE_MUTEX("lab_n");

/** A lost update, if two CPUs are in here at once. */
const lab_inc = kernel("lab_inc", (): number => {
  const v = READ_ONCE(lab.$x);
  WRITE_ONCE(lab.$x, v + 1);
  return v;
});

const lab_inner = kernel("lab_inner", (): void => {
  READ_ONCE(lab.$x);
  WRITE_ONCE(lab.$y, 7);
});

const lab_helper = kernel("lab_helper", (): void => void READ_ONCE(lab.$word), { inline: true });

const lab_outer = kernel("lab_outer", (): void => {
  READ_ONCE(lab.$x);
  lab_inner();
  lab_helper();
  lab_inner();
  xchg(lab.$y, 1);
  xchg(lab.$x, 1);
  xchg(lab.$x, 2);
});

const lab_touch = kernel("lab_touch", (): void => {
  atomic_inc(lab.$x);
  atomic_inc(lab.$y);
});

const lab_irq = kernel("lab_irq", (): void => {
  const flags = local_irq_save();
  READ_ONCE(lab.$x);
  READ_ONCE(lab.$y);
  local_irq_restore(flags);
  READ_ONCE(lab.$word);
});

const lab_busy = kernel("lab_busy", (): void => {
  for (let i = 0; i < 6; i++) READ_ONCE(lab.$x);
});

const lab_reader = kernel("lab_reader", (): number => {
  rcu_read_lock();
  READ_ONCE(lab.$x);
  const done = atomic_read(lab.$done);
  READ_ONCE(lab.$y);
  rcu_read_unlock();
  return done;
});

const lab_preempt = kernel("lab_preempt", (): number => {
  preempt_disable();
  READ_ONCE(lab.$x);
  const done = atomic_read(lab.$done);
  preempt_enable();
  return done;
});

const lab_callback = kernel("lab_callback", (_head: rcu_head): void => {
  atomic_inc(lab.$done);
});

const lab_defer = kernel("lab_defer", (n: number): void => {
  call_rcu(items[n].rcu, lab_callback);
});

const lab_lock = kernel("lab_lock", (first: spinlock_t, second: spinlock_t): void => {
  spin_lock(first);
  spin_lock(second);
  READ_ONCE(lab.$x);
  spin_unlock(second);
  spin_unlock(first);
});

const lab_mutex = kernel("lab_mutex", (first: mutex, second: mutex): void => {
  mutex_lock(first);
  mutex_lock(second);
  READ_ONCE(lab.$x);
  mutex_unlock(second);
  mutex_unlock(first);
});

const lab_guarded = kernel("lab_guarded", (): number => {
  const flags = spin_lock_irqsave(A);
  const v = READ_ONCE(lab.$x);
  WRITE_ONCE(lab.$x, v + 1);
  spin_unlock_irqrestore(A, flags);
  return v;
});

const lab_work = kernel("lab_work", (work: work_struct): void => {
  const n = container_of(work, items[0].type) as item;
  xchg(lab.$worked, 10 * (thisCpu() + 1) + n.index);
});

const lab_queue = kernel("lab_queue", (on: number, n: number): number => {
  return queue_work_on(on, system_wq, items[n].work) ? 1 : 0;
});

const lab_forever = kernel("lab_forever", (): void => {
  for (;;) READ_ONCE(lab.$x);
});

const lab_throws = kernel("lab_throws", (): void => {
  READ_ONCE(lab.$x);
  throw new RangeError("not a bug of the kernel");
});

const lab_forever_helper = kernel("lab_forever_helper", (): void => {
  for (;;) READ_ONCE(lab.$x);
}, { inline: true });
const lab_null_helper = kernel("lab_null_helper", (): void => {
  READ_ONCE(lab.$x);
  lab.next!.x = 1;
}, { inline: true });
const lab_null_read = kernel("lab_null_read", (): number => lab.next!.next!.x);
const lab_nested_null = kernel("lab_nested_null", (): void => {
  lab_inner();
  lab_null_helper();
});
const lab_null_write = kernel("lab_null_write", (): void => {
  lab.next!.x = 1;
});

/** Callbacks that are nothing but a helper: their handler has no other frame. */
const lab_cb_null = kernel("lab_cb_null", (_head: rcu_head): void => lab_null_helper(), {
  inline: true,
});
const lab_cb_spin = kernel("lab_cb_spin", (_head: rcu_head): void => lab_forever_helper(), {
  inline: true,
});
const lab_cb_wait = kernel("lab_cb_wait", (_head: rcu_head): void => {
  point(prim("wait"), cellOf(lab.$word));
  block(WAIT_WORD, cellOf(lab.$word), false);
}, { inline: true });

/** Queue one of them, then do this and that: it may come anywhere in between. */
const lab_defer_helper = kernel("lab_defer_helper", (func: (head: rcu_head) => void): void => {
  call_rcu(items[0].rcu, func);
  lab_inc();
  lab_outer();
});

const lab_scarce = kernel("lab_scarce", (n: number): void => {
  for (let i = 0; i < n; i++) slabAlloc(scarce, true);
});

const lab_wait = kernel("lab_wait", (): void => {
  point(prim("wait"), cellOf(lab.$word));
  block(WAIT_WORD, cellOf(lab.$word), true);
});

const specials = statics<item>(
  "lab_special",
  { rcu: embed(rcu_head), work: embed(work_struct) },
  2,
);
const lab_lock_work = kernel("lab_lock_work", (_work: work_struct): void => {
  mutex_lock(M);
  mutex_unlock(M);
});
const lab_wake_work = kernel("lab_wake_work", (_work: work_struct): void => {
  WRITE_ONCE(lab.$word, 1);
});
const lab_hold = kernel("lab_hold", (): void => {
  mutex_lock(M);
  READ_ONCE(lab.$x);
  mutex_unlock(M);
});

const lab_start = kernel("lab_start", (c: number): void => {
  point(prim("cpu_start"), 0);
  if (ctl[STATE + c] === CPU_ABSENT) ctl[STATE + c] = CPU_READY;
});

const lab_join = kernel("lab_join", (c: number): void => {
  point(prim("cpu_join"), 0);
  block(WAIT_JOIN, c, true);
});

const EVERYWHERE = ["task", "softirq", "hardirq", "nmi"] as const;
const doc = "See the function.";
const number = int("n", 0, 7);

const labTarget: Target = {
  name: "lab",
  doc: "Small functions to look at the machine with.",
  boot() {
    for (const i of items) INIT_WORK(i.work, lab_work);
    INIT_WORK(specials[0].work, lab_lock_work);
    INIT_WORK(specials[1].work, lab_wake_work);
    lab.x = 0;
  },
  ops: {
    inc: { doc, contexts: EVERYWHERE, run: lab_inc },
    read: { doc, run: () => READ_ONCE(lab.$x) },
    set: { doc, args: [int("v", -100, 100, [0, 1])], run: (v) => WRITE_ONCE(lab.$x, v) },
    done: { doc, run: () => atomic_read(lab.$done) },
    worked: { doc, run: () => READ_ONCE(lab.$worked) },
    nested: { doc, run: lab_outer },
    touch: { doc, contexts: EVERYWHERE, run: lab_touch },
    irq: { doc, contexts: EVERYWHERE, run: lab_irq },
    busy: { doc, contexts: EVERYWHERE, run: lab_busy },
    reader: { doc, contexts: EVERYWHERE, run: lab_reader },
    nopreempt: { doc, run: lab_preempt },
    defer: { doc, args: [number], weight: 0.2, run: lab_defer },
    sync: { doc, run: () => synchronize_rcu() },
    ab: { doc, weight: 0.3, run: () => lab_lock(A, B) },
    ba: { doc, weight: 0.3, run: () => lab_lock(B, A) },
    aa: { doc, weight: 0, run: () => lab_lock(A, A) },
    mn: { doc, weight: 0.3, run: () => lab_mutex(M, N) },
    nm: { doc, weight: 0.3, run: () => lab_mutex(N, M) },
    guarded: { doc, contexts: ["task", "softirq", "hardirq"], run: lab_guarded },
    queue: { doc, args: [cpu("on"), number], run: lab_queue },
    forever: { doc, weight: 0, run: lab_forever },
    throws: { doc, weight: 0, run: lab_throws },
    null_read: { doc, weight: 0, run: lab_null_read },
    nested_null: { doc, weight: 0, run: lab_nested_null },
    null_write: { doc, weight: 0, run: lab_null_write },
    defer_null: { doc, weight: 0, run: () => lab_defer_helper(lab_cb_null) },
    defer_spin: { doc, weight: 0, run: () => lab_defer_helper(lab_cb_spin) },
    defer_wait: { doc, weight: 0, run: () => lab_defer_helper(lab_cb_wait) },
    hold: { doc, weight: 0, run: lab_hold },
    queue_lock: {
      doc,
      weight: 0,
      args: [cpu("on")],
      run: (on) => +queue_work_on(on, system_wq, specials[0].work),
    },
    queue_wake: {
      doc,
      weight: 0,
      args: [cpu("on")],
      run: (on) => +queue_work_on(on, system_wq, specials[1].work),
    },
    scarce: { doc, weight: 0, args: [number], run: lab_scarce },
    wait: { doc, weight: 0, run: lab_wait },
    wake: { doc, weight: 0, run: () => WRITE_ONCE(lab.$word, 1) },
    add: { doc, args: [number], run: (n) => atomic_add_return(n, lab.$y) },
    start: { doc, weight: 0, args: [cpu("cpu")], starts: "cpu", where: "run", run: lab_start },
    join: { doc, weight: 0, args: [cpu("cpu")], where: "run", run: lab_join },
  },
};
export default labTarget;
