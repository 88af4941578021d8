/**
 * Work queues and work items — kernel/workqueue.c.
 *
 * Each CPU has one pool of kworkers for all queues. A kworker runs the items in order, between
 * operations, or where the schedule lets it preempt the task; if its item sleeps, another one runs the
 * next. A queue with max_active has at most so many items active on a CPU: the others wait, whoever
 * else could run.
 *
 * MODEL: pool->lock is left out, and so are the queues that are not bound to a CPU, rescuers and
 * highpri pools. An item that is queued for a CPU that is down runs on the CPU that queues it.
 *
 * @module
 */
import { ONLINE } from "../machine/layout/cpus.ts";
import { CPU, regs } from "../machine/layout/registers.ts";
import { views } from "../machine/words/arena.ts";
import { test_and_set_bit, WRITE_ONCE } from "../machine/memory/access.ts";
import { kernel } from "../machine/calls/registry.ts";
import { objectInit } from "../machine/hooks/odebug.ts";
import { point } from "../machine/memory/point.ts";
import { prim } from "../machine/layout/primitives.ts";
import { recordAuxStack as kasan_record_aux_stack } from "../machine/record/stacks.ts";
import { container_of, statics, struct } from "../machine/memory/struct.ts";
import {
  embed,
  type Fields,
  type Fn,
  fn,
  int,
  type Ptr,
  ptr,
  type Struct,
} from "../machine/memory/struct_type.ts";
import { enqueueWork, setWorkRunner } from "../machine/context/work.ts";
import { call_rcu, rcu_head } from "./rcu.ts";

const { ctl } = views();

/** struct workqueue_struct */
export interface workqueue_struct extends Struct, Fields<{ flags: number }> {}
export interface work_struct extends Struct, Fields<{ data: number; func: Fn | null }> {}
export const work_struct = struct<work_struct>("work_struct", { data: int, func: fn });
export interface rcu_work
  extends Struct, Fields<{ work: work_struct; rcu: rcu_head; wq: Ptr<workqueue_struct> }> {}
export const rcu_work = struct<rcu_work>("rcu_work", {
  work: embed(work_struct),
  rcu: embed(rcu_head),
  wq: ptr,
});

/** Active items that a queue may have on a CPU, by queue: it never changes, so it is no word. */
const max_active = new Map<workqueue_struct, number>();
/** Active items of queues that name no limit. */
const WQ_DFL_ACTIVE = 256;

const WORK_STRUCT_PENDING_BIT = 0;
const P_QUEUE = prim("queue_work");

/**
 * alloc_workqueue(): a queue that every kernel has from the start. Call it where the file is loaded.
 *
 * @param active max_active: items of the queue that may be active on a CPU at once; 0 is the default.
 */
export function alloc_workqueue(name: string, active: number): workqueue_struct {
  const [wq] = statics<workqueue_struct>(name, { flags: int }, 1);
  max_active.set(wq, active === 0 ? WQ_DFL_ACTIVE : active);
  return wq;
}

/** The queue of schedule_work(). */
export const system_wq = alloc_workqueue("system_wq", 0);

/** INIT_WORK() */
export function INIT_WORK(work: work_struct, func: Fn): void {
  objectInit("work_struct", work.a); // __init_work()
  work.data = 0;
  work.func = func;
}

/** __queue_work(): PENDING is the caller's. Context: any. */
function __queue_work(cpu: number, wq: workqueue_struct, work: work_struct): void {
  const online = ((ctl[ONLINE] >> cpu) & 1) !== 0;
  enqueueWork(online ? cpu : regs[CPU], work.a, wq.a, max_active.get(wq));
}

/** queue_work_on(): false if the item is queued already. Context: any. */
export const queue_work_on = kernel(
  "queue_work_on",
  (cpu: number, wq: workqueue_struct, work: work_struct): boolean => {
    if (test_and_set_bit(WORK_STRUCT_PENDING_BIT, work.$data)) return false;
    point(P_QUEUE, work.a);
    kasan_record_aux_stack(work); // insert_work()
    __queue_work(cpu, wq, work);
    return true;
  },
  { inline: true },
);

/** queue_work(): on this CPU. Context: any. */
export function queue_work(wq: workqueue_struct, work: work_struct): boolean {
  return queue_work_on(regs[CPU], wq, work);
}

/** process_one_work(): clears PENDING first, so the item may queue itself. Context: kworker. */
export const process_one_work = kernel("process_one_work", (work: work_struct): void => {
  const func = work.func!;
  WRITE_ONCE(work.$data, 0);
  func(work);
}, { inline: true });
setWorkRunner((item) => process_one_work(item as work_struct));

export const rcu_work_rcufn = kernel("rcu_work_rcufn", (rcu: rcu_head): void => {
  const rwork = container_of(rcu, rcu_work);
  __queue_work(regs[CPU], rwork.wq!, rwork.work);
}, { inline: true });

/** queue_rcu_work(): queue the item after a grace period. Context: any. */
export function queue_rcu_work(wq: workqueue_struct, rwork: rcu_work): boolean {
  if (test_and_set_bit(WORK_STRUCT_PENDING_BIT, rwork.work.$data)) return false;
  rwork.wq = wq;
  call_rcu(rwork.rcu, rcu_work_rcufn);
  return true;
}

/** schedule_work_on(): on the system's queue. Context: any. */
export function schedule_work_on(cpu: number, work: work_struct): boolean {
  return queue_work_on(cpu, system_wq, work);
}
