/**
 * Work items — kernel/workqueue.c.
 *
 * MODEL: one queue per CPU. The CPU's kworker runs the items in order, between operations, or where
 * the schedule lets it preempt the task. pool->lock is left out. An item that is queued for a CPU that is down runs on the CPU that queues
 * it.
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
import { container_of, struct } from "../machine/memory/struct.ts";
import {
  embed,
  type Fields,
  type Fn,
  fn,
  int,
  type Struct,
} from "../machine/memory/struct_type.ts";
import { enqueueWork, setWorkRunner } from "../machine/context/work.ts";
import { call_rcu, rcu_head } from "./rcu.ts";

const { ctl } = views();

export interface work_struct extends Struct, Fields<{ data: number; func: Fn | null }> {}
export const work_struct = struct<work_struct>("work_struct", { data: int, func: fn });
export interface rcu_work extends Struct, Fields<{ work: work_struct; rcu: rcu_head }> {}
export const rcu_work = struct<rcu_work>("rcu_work", {
  work: embed(work_struct),
  rcu: embed(rcu_head),
});

const WORK_STRUCT_PENDING_BIT = 0;
const P_QUEUE = prim("queue_work");

/** INIT_WORK() */
export function INIT_WORK(work: work_struct, func: Fn): void {
  objectInit("work_struct", work.a); // __init_work()
  work.data = 0;
  work.func = func;
}

/** queue_work_on(): false if the item is queued already. Context: any. */
export const queue_work_on = kernel("queue_work_on", (cpu: number, work: work_struct): boolean => {
  if (test_and_set_bit(WORK_STRUCT_PENDING_BIT, work.$data)) return false;
  const online = ((ctl[ONLINE] >> cpu) & 1) !== 0;
  point(P_QUEUE, work.a);
  kasan_record_aux_stack(work); // insert_work()
  enqueueWork(online ? cpu : regs[CPU], work.a);
  return true;
}, { inline: true });

/** queue_work(): on this CPU. Context: any. */
export function queue_work(work: work_struct): boolean {
  return queue_work_on(regs[CPU], work);
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
  enqueueWork(regs[CPU], rwork.work.a);
}, { inline: true });

/** queue_rcu_work(): queue the item after a grace period. Context: any. */
export function queue_rcu_work(rwork: rcu_work): boolean {
  if (test_and_set_bit(WORK_STRUCT_PENDING_BIT, rwork.work.$data)) return false;
  call_rcu(rwork.rcu, rcu_work_rcufn);
  return true;
}

/** schedule_work_on(): on the system workqueue. Context: any. */
export function schedule_work_on(cpu: number, work: work_struct): boolean {
  return queue_work_on(cpu, work);
}
