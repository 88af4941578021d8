/**
 * RCU — include/linux/rcupdate.h, kernel/rcu.
 *
 * MODEL: grace periods follow RCU's contract, not one implementation: a callback waits for exactly
 * the readers that were there when it was queued (machine/grace.ts). Regions with interrupts or
 * preemption off are readers too (consolidated flavours, v4.20).
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { block } from "../machine/baton.ts";
import { WAIT_RCU } from "../machine/control.ts";
import { enterReader, leaveReader, queueCallback, takeCallback } from "../machine/grace.ts";
import { RCU_NESTING } from "../machine/percpu.ts";
import { point } from "../machine/point.ts";
import { prim } from "../machine/primitives.ts";
import * as registers from "../machine/registers.ts";
import { BLOCK } from "../machine/registers.ts";
import { idOf, kernel } from "../machine/registry.ts";
import { type Fields, type Fn, fn, outermost, type Ptr, ptr } from "../machine/struct.ts";
import { type Struct, struct } from "../machine/struct.ts";
import { kfree } from "./slab.ts";
import { might_sleep } from "./spinlock.ts";

const { pcpu } = arena;
const { regs } = registers;

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
  pcpu[regs[BLOCK] + RCU_NESTING]--;
  leaveReader();
}

/** call_rcu(): `func(head)` after a grace period, in softirq context. Context: any. */
export function call_rcu(head: rcu_head, func: Fn): void {
  point(P_CALL, head.a);
  head.func = func;
  head.next = null;
  queueCallback(idOf(func), head.a);
}

/** What kfree_rcu() does after the grace period. */
const kfree_rcu_callback = kernel("kfree_rcu_callback", (head: rcu_head): void => {
  kfree(outermost(head));
}, { inline: true });

/** kfree_rcu(): free the object that `head` is part of after a grace period. Context: any. */
export function kfree_rcu(head: rcu_head): void {
  call_rcu(head, kfree_rcu_callback);
}

const wakeme_after_rcu = kernel("wakeme_after_rcu", (): void => {}, { inline: true });

/** synchronize_rcu() Context: may sleep. */
export const synchronize_rcu = kernel("synchronize_rcu", (): void => {
  might_sleep();
  point(P_SYNC, 0);
  const i = queueCallback(idOf(wakeme_after_rcu), 0);
  block(WAIT_RCU, i, true);
  takeCallback(i);
});
