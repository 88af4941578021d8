/**
 * RCU — include/linux/rcupdate.h, kernel/rcu.
 *
 * MODEL: grace periods follow RCU's contract, not one implementation. A callback waits for exactly
 * the readers that were there when it was queued (machine/context/grace.ts). Regions with
 * interrupts or preemption off are readers too (consolidated flavours, v4.20).
 *
 * The checks are those of PROVE_RCU. They ask which sections the code entered by name. They do not
 * ask what keeps a grace period from ending.
 *
 * @module
 */
import { rcu_assign_pointer, rcu_dereference_raw, READ_ONCE } from "../machine/memory/access.ts";
import * as contextWords from "../machine/layout/contexts.ts";
import * as readerWords from "../machine/layout/readers.ts";
import * as registers from "../machine/layout/registers.ts";
import * as waitWords from "../machine/layout/waits.ts";
import { views } from "../machine/words/arena.ts";
import { block } from "../machine/hooks/mode.ts";
import { enterReader, leaveReader, queueCallback, takeCallback } from "../machine/context/grace.ts";
import { bhDisable, bhEnable } from "../machine/context/irqflags.ts";
import { point } from "../machine/memory/point.ts";
import { prim } from "../machine/layout/primitives.ts";
import { objectInit } from "../machine/hooks/odebug.ts";
import { rcuQueued, rcuSuspicious, rcuUnbalanced } from "../machine/hooks/rcu_debug.ts";
import { idOf, kernel } from "../machine/calls/registry.ts";
import {
  type Fields,
  type Fn,
  fn,
  type Lvalue,
  type Ptr,
  ptr,
  type Struct,
} from "../machine/memory/struct_type.ts";
import { outermost } from "../machine/memory/objects.ts";
import { struct } from "../machine/memory/struct.ts";
import { recordAuxStack as kasan_record_aux_stack } from "../machine/record/stacks.ts";
import { kfree } from "./slab.ts";
import { is_rt, might_sleep, preempt_disable, preempt_enable } from "./spinlock.ts";

const { pcpu } = views();
const { BH_OFF, CONTEXT, IRQ_OFF, PREEMPT_OFF } = contextWords;
const { RCU_BH_NESTING, RCU_NESTING, RCU_SCHED_NESTING } = readerWords;
const { regs, BLOCK } = registers;
const { WAIT_RCU } = waitWords;

export { rcu_assign_pointer, rcu_dereference_raw };

/** struct callback_head — include/linux/types.h */
export interface rcu_head extends Struct, Fields<{ next: Ptr<rcu_head>; func: Fn | null }> {}
export const rcu_head = struct<rcu_head>("rcu_head", { next: ptr, func: fn });

const P_LOCK = prim("rcu_read_lock");
const P_UNLOCK = prim("rcu_read_unlock");
const P_CALL = prim("call_rcu");
const P_SYNC = prim("synchronize_rcu");

/** rcu_read_lock() */
export function rcu_read_lock(): void {
  point(P_LOCK, 0);
  pcpu[regs[BLOCK] + RCU_NESTING]++;
  enterReader();
}

/** rcu_read_unlock() */
export function rcu_read_unlock(): void {
  point(P_UNLOCK, 0);
  if (pcpu[regs[BLOCK] + RCU_NESTING] <= 0) rcuUnbalanced("rcu_read_lock");
  pcpu[regs[BLOCK] + RCU_NESTING]--;
  leaveReader();
}

/** rcu_read_lock_bh() */
export function rcu_read_lock_bh(): void {
  point(P_LOCK, 0);
  bhDisable();
  pcpu[regs[BLOCK] + RCU_BH_NESTING]++;
}

/** rcu_read_unlock_bh() */
export function rcu_read_unlock_bh(): void {
  point(P_UNLOCK, 0);
  if (pcpu[regs[BLOCK] + RCU_BH_NESTING] <= 0) rcuUnbalanced("rcu_read_lock_bh");
  pcpu[regs[BLOCK] + RCU_BH_NESTING]--;
  bhEnable();
}

/** rcu_read_lock_sched() */
export function rcu_read_lock_sched(): void {
  preempt_disable();
  pcpu[regs[BLOCK] + RCU_SCHED_NESTING]++;
}

/** rcu_read_unlock_sched() */
export function rcu_read_unlock_sched(): void {
  if (pcpu[regs[BLOCK] + RCU_SCHED_NESTING] <= 0) rcuUnbalanced("rcu_read_lock_sched");
  pcpu[regs[BLOCK] + RCU_SCHED_NESTING]--;
  preempt_enable();
}

/**
 * preemptible(): whether the scheduler may take the CPU. If not, the code is an RCU-sched reader.
 */
export function preemptible(): boolean {
  const b = regs[BLOCK];
  if ((pcpu[b + PREEMPT_OFF] | pcpu[b + IRQ_OFF] | pcpu[b + CONTEXT]) !== 0) return false;
  return pcpu[b + BH_OFF] === 0 || is_rt();
}

/** rcu_read_lock_held(): interrupts or preemption off do not count. */
export function rcu_read_lock_held(): boolean {
  return pcpu[regs[BLOCK] + RCU_NESTING] > 0;
}

/** rcu_read_lock_bh_held() */
export function rcu_read_lock_bh_held(): boolean {
  const b = regs[BLOCK];
  return pcpu[b + BH_OFF] > 0 || pcpu[b + IRQ_OFF] !== 0 || pcpu[b + CONTEXT] !== 0;
}

/** rcu_read_lock_sched_held() */
export function rcu_read_lock_sched_held(): boolean {
  return pcpu[regs[BLOCK] + RCU_SCHED_NESTING] > 0 || !preemptible();
}

/** rcu_read_lock_any_held() */
export function rcu_read_lock_any_held(): boolean {
  const b = regs[BLOCK];
  const held = pcpu[b + RCU_NESTING] | pcpu[b + RCU_BH_NESTING] | pcpu[b + RCU_SCHED_NESTING];
  return held !== 0 || !preemptible();
}

/** RCU_LOCKDEP_WARN() */
export function RCU_LOCKDEP_WARN(c: boolean, what: string): void {
  if (c) rcuSuspicious(what);
}

const CHECK = "suspicious rcu_dereference_check() usage";
const PROTECTED = "suspicious rcu_dereference_protected() usage";

/** rcu_dereference_check(): legal in a read-side section, or if `c` holds. */
export function rcu_dereference_check<T>(lv: Lvalue<T>, c: boolean): T {
  if (!c && !rcu_read_lock_held()) rcuSuspicious(CHECK);
  return rcu_dereference_raw(lv);
}

/** rcu_dereference_bh_check() */
export function rcu_dereference_bh_check<T>(lv: Lvalue<T>, c: boolean): T {
  if (!c && !rcu_read_lock_bh_held()) rcuSuspicious(CHECK);
  return rcu_dereference_raw(lv);
}

/** rcu_dereference_sched_check() */
export function rcu_dereference_sched_check<T>(lv: Lvalue<T>, c: boolean): T {
  if (!c && !rcu_read_lock_sched_held()) rcuSuspicious(CHECK);
  return rcu_dereference_raw(lv);
}

/** rcu_dereference() Context: rcu_read_lock(). */
export function rcu_dereference<T>(lv: Lvalue<T>): T {
  return rcu_dereference_check(lv, false);
}

/** rcu_dereference_bh() Context: rcu_read_lock_bh(). */
export function rcu_dereference_bh<T>(lv: Lvalue<T>): T {
  return rcu_dereference_bh_check(lv, false);
}

/** rcu_dereference_sched() Context: rcu_read_lock_sched(), or preemption off in any way. */
export function rcu_dereference_sched<T>(lv: Lvalue<T>): T {
  return rcu_dereference_sched_check(lv, false);
}

/** rcu_dereference_protected(): `c` says why nobody can change the pointer. */
export function rcu_dereference_protected<T>(lv: Lvalue<T>, c: boolean): T {
  if (!c) rcuSuspicious(PROTECTED);
  return rcu_dereference_raw(lv);
}

/** rcu_access_pointer(): the pointer is not dereferenced. Context: any. */
export function rcu_access_pointer<T>(lv: Lvalue<T>): T {
  return READ_ONCE(lv);
}

/** rcu_replace_pointer(): returns the old value. Context: `c` says why nobody else changes it. */
export function rcu_replace_pointer<T>(lv: Lvalue<T>, v: T, c: boolean): T {
  const old = rcu_dereference_protected(lv, c);
  rcu_assign_pointer(lv, v);
  return old;
}

/** init_rcu_head(): of one that lives on the stack, or is used again. Context: any. */
export function init_rcu_head(head: rcu_head): void {
  objectInit("rcu_head", head.a);
}

/** call_rcu(): `func(head)` after a grace period, in softirq context. Context: any. */
export function call_rcu(head: rcu_head, func: Fn): void {
  point(P_CALL, head.a);
  rcuQueued(head.a);
  kasan_record_aux_stack(head);
  head.func = func;
  head.next = null;
  queueCallback(idOf(func), head.a);
}

/** The callback of kfree_rcu(). */
export const kfree_rcu_callback = kernel("kfree_rcu_callback", (head: rcu_head): void => {
  kfree(outermost(head));
}, { inline: true });

/** kfree_rcu(): free the object that `head` is part of after a grace period. Context: any. */
export function kfree_rcu(head: rcu_head): void {
  call_rcu(head, kfree_rcu_callback);
}

export const wakeme_after_rcu = kernel("wakeme_after_rcu", (): void => {}, { inline: true });

/** synchronize_rcu() Context: may sleep. */
export const synchronize_rcu = kernel("synchronize_rcu", (): void => {
  const b = regs[BLOCK];
  RCU_LOCKDEP_WARN(
    (pcpu[b + RCU_NESTING] | pcpu[b + RCU_BH_NESTING] | pcpu[b + RCU_SCHED_NESTING]) !== 0,
    "Illegal synchronize_rcu() in RCU read-side critical section",
  );
  might_sleep();
  point(P_SYNC, 0);
  const i = queueCallback(idOf(wakeme_after_rcu), 0);
  block(WAIT_RCU, i, true);
  takeCallback(i);
});
