/** Data races, and next to each the correct code. */
import {
  atomic_dec_and_test,
  atomic_set,
  READ_ONCE,
  smp_load_acquire,
  smp_store_release,
  WRITE_ONCE,
  xchg,
} from "../../../src/machine/memory/access.ts";
import { kernel } from "../../../src/machine/calls/registry.ts";
import {
  embed,
  type Fields,
  int as cell,
  type Ptr,
  ptr,
  type Struct,
} from "../../../src/machine/memory/struct_type.ts";
import { statics } from "../../../src/machine/memory/struct.ts";
import { smp_rmb, smp_wmb } from "../../../src/kernel/barrier.ts";
import { local_irq_restore, local_irq_save } from "../../../src/kernel/irqflags.ts";
import { data_race } from "../../../src/kernel/kcsan-checks.ts";
import {
  call_rcu,
  rcu_assign_pointer,
  rcu_dereference,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  synchronize_rcu,
} from "../../../src/kernel/rcu.ts";
import {
  DEFINE_RWLOCK,
  read_lock,
  read_unlock,
  write_lock,
  write_unlock,
} from "../../../src/kernel/rwlock.ts";
import {
  DEFINE_SPINLOCK,
  spin_lock,
  spin_lock_bh,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_bh,
  spin_unlock_irqrestore,
} from "../../../src/kernel/spinlock.ts";
import { INIT_WORK, queue_work_on, system_wq, work_struct } from "../../../src/kernel/workqueue.ts";
import { int, type OpDefinition, type Target } from "../../../src/prog/target.ts";

interface box extends Struct, Fields<{ v: number; rcu: rcu_head; work: work_struct }> {}
const boxes = statics<box>("box", { v: cell, rcu: embed(rcu_head), work: embed(work_struct) }, 2);
interface shared extends Struct, Fields<{ x: number; ready: number; p: Ptr<box>; refs: number }> {}
const s = statics<shared>("shared", { x: cell, ready: cell, p: ptr, refs: cell }, 1)[0];
const A = DEFINE_SPINLOCK("race_a");
const B = DEFINE_SPINLOCK("race_b");
const RW = DEFINE_RWLOCK("race_rw");

const box_replaced = kernel("box_replaced", (_head: rcu_head): void => {
  boxes[0].v = 3;
});
const box_worked = kernel("box_worked", (_work: work_struct): void => {
  s.x++;
});

const helper = kernel("race_helper", (): void => {
  s.x++;
}, { inline: true });

const going_on = kernel("race_going_on", (): void => {
  s.x++;
});

/** The CPU that puts the last reference may use plain accesses to the object. */
function put(): void {
  s.x;
  if (atomic_dec_and_test(s.$refs)) s.x = 9;
}

const bodies: Record<string, () => unknown> = {
  write: () => s.x = 1,
  same: () => s.x = 0,
  read: () => s.x,
  read_marked: () => READ_ONCE(s.$x),
  flip: () => s.x ^= 2,
  read_on_purpose: () => data_race(() => s.x),
  locked_a() {
    spin_lock(A);
    s.x++;
    spin_unlock(A);
  },
  locked_b() {
    spin_lock(B);
    s.x++;
    spin_unlock(B);
  },
  locked_irq() {
    const flags = spin_lock_irqsave(A);
    s.x++;
    spin_unlock_irqrestore(A, flags);
  },
  locked_bh() {
    spin_lock_bh(A);
    s.x++;
    spin_unlock_bh(A);
  },
  irqs_off() {
    const flags = local_irq_save();
    s.x++;
    local_irq_restore(flags);
  },
  rw_read() {
    read_lock(RW);
    s.x;
    read_unlock(RW);
  },
  rw_write() {
    write_lock(RW);
    s.x++;
    write_unlock(RW);
  },
  rw_write_as_reader() {
    read_lock(RW);
    s.x++;
    read_unlock(RW);
  },
  produce_once() {
    s.x = 7;
    WRITE_ONCE(s.$ready, 1);
  },
  produce_wmb() {
    s.x = 7;
    smp_wmb();
    WRITE_ONCE(s.$ready, 1);
  },
  produce_release() {
    s.x = 7;
    smp_store_release(s.$ready, 1);
  },
  produce_xchg() {
    s.x = 7;
    xchg(s.$ready, 1);
  },
  consume_once: () => READ_ONCE(s.$ready) && s.x,
  consume_rmb() {
    if (!READ_ONCE(s.$ready)) return;
    smp_rmb();
    s.x;
  },
  consume_acquire: () => smp_load_acquire(s.$ready) && s.x,
  publish() {
    boxes[0].v = 1;
    rcu_assign_pointer(s.$p, boxes[0]);
  },
  publish_once() {
    boxes[0].v = 1;
    WRITE_ONCE(s.$p, boxes[0]);
  },
  look() {
    rcu_read_lock();
    const p = rcu_dereference(s.$p);
    if (p) p.v;
    rcu_read_unlock();
  },
  change_in_place() {
    if (s.p) s.p.v = 2;
  },
  replace_call_rcu() {
    rcu_assign_pointer(s.$p, null);
    call_rcu(boxes[0].rcu, box_replaced);
  },
  replace_synchronize() {
    rcu_assign_pointer(s.$p, null);
    synchronize_rcu();
    boxes[0].v = 2;
  },
  get_two: () => atomic_set(s.$refs, 2),
  put,
};

const ops: Record<string, OpDefinition> = {};
for (const [name, body] of Object.entries(bodies)) {
  const f = kernel(`race_${name}`, (): void => void body());
  ops[name] = { doc: "See the function.", contexts: ["task", "softirq", "hardirq", "nmi"], run: f };
}
ops.late = {
  doc: "Queue a callback that is an inlined helper, and go on.",
  run() {
    call_rcu(boxes[1].rcu, helper);
    going_on();
  },
};
ops.queue = {
  doc: "Queue work on a CPU after a plain write.",
  args: [int("on", 0, 1)],
  run(on: number) {
    INIT_WORK(boxes[1].work, box_worked);
    s.x = 4;
    queue_work_on(on, system_wq, boxes[1].work);
  },
};

const target: Target = { name: "races", doc: "Planted data races.", ops };
export default target;
