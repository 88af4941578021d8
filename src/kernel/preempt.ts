/**
 * Preemption — include/linux/preempt.h, include/linux/smp.h, include/linux/kernel.h.
 *
 * @module
 */
import * as contextWords from "../machine/layout/contexts.ts";
import * as cpuWords from "../machine/layout/cpus.ts";
import * as heldWords from "../machine/layout/held.ts";
import * as readerWords from "../machine/layout/readers.ts";
import * as registers from "../machine/layout/registers.ts";
import { views } from "../machine/words/arena.ts";
import { context } from "../machine/context/interrupt.ts";
import { enterReader, leaveReader } from "../machine/context/grace.ts";
import { point } from "../machine/memory/point.ts";
import { prim } from "../machine/layout/primitives.ts";
import { rcuSuspicious } from "../machine/hooks/rcu_debug.ts";
import { maySleep } from "../machine/hooks/sleep.ts";

const { ctl, pcpu } = views();
const { MIGRATE_OFF, PREEMPT_OFF } = contextWords;
const { PREEMPT, PREEMPT_NONE, PREEMPT_RT } = cpuWords;
const { RT_LOCKS } = heldWords;
const { RCU_BH_NESTING, RCU_NESTING, RCU_SCHED_NESTING } = readerWords;
const { regs, BLOCK, CPU } = registers;

const P_OFF = prim("preempt_disable");
const P_ON = prim("preempt_enable");

/** in_task(): not in a softirq, a hardirq or an NMI. */
export function in_task(): boolean {
  return context() === contextWords.TASK;
}

/** Whether the configuration has PREEMPT_RT. */
export function is_rt(): boolean {
  return ctl[PREEMPT] === PREEMPT_RT;
}

const SWITCH = "Illegal context switch in";

/**
 * rcu_sleep_check(): preemptible RCU counts its sections itself, and might_sleep() checks the
 * count.
 */
function rcu_sleep_check(): void {
  const b = regs[BLOCK];
  if (pcpu[b + RCU_NESTING] > 0 && ctl[PREEMPT] === PREEMPT_NONE) {
    rcuSuspicious(`${SWITCH} RCU read-side critical section`);
  }
  if (pcpu[b + RCU_BH_NESTING] > 0 && !is_rt()) {
    rcuSuspicious(`${SWITCH} RCU-bh read-side critical section`);
  }
  if (pcpu[b + RCU_SCHED_NESTING] > 0) {
    rcuSuspicious(`${SWITCH} RCU-sched read-side critical section`);
  }
}

/** might_sleep(): the kernel may schedule here. */
export function might_sleep(): void {
  rcu_sleep_check();
  maySleep();
}

/** __preempt_count_inc(): a part of taking a lock, so it is no point. */
export function preempt_count_inc(): void {
  pcpu[regs[BLOCK] + PREEMPT_OFF]++;
  enterReader();
}

/** __preempt_count_dec() */
export function preempt_count_dec(): void {
  pcpu[regs[BLOCK] + PREEMPT_OFF]--;
  leaveReader();
}

/** preempt_disable() */
export function preempt_disable(): void {
  point(P_OFF, 0);
  preempt_count_inc();
}

/** preempt_enable() */
export function preempt_enable(): void {
  point(P_ON, 0);
  preempt_count_dec();
}

/** The effect of taking a spinlock: preemption off; with PREEMPT_RT, one more sleeping lock. */
export function lock_section_begin(rt: boolean): void {
  if (rt) pcpu[regs[BLOCK] + RT_LOCKS]++;
  else preempt_count_inc();
}

/**
 * Once it is taken. Whoever holds a sleeping spinlock is an RCU reader: since 0f383b6dc96e (v5.15), and
 * in the RT trees before ("locking: Make spinlock_t and rwlock_t a RCU section on RT", v5.4-rt).
 */
export function lock_section_taken(rt: boolean): void {
  if (rt) enterReader();
}

/** The effect of releasing it. */
export function lock_section_end(rt: boolean): void {
  if (!rt) return preempt_count_dec();
  pcpu[regs[BLOCK] + RT_LOCKS]--;
  leaveReader();
}

/** migrate_disable(): the task stays on its CPU, and can be preempted. */
export function migrate_disable(): void {
  pcpu[regs[BLOCK] + MIGRATE_OFF]++;
}

/** migrate_enable() */
export function migrate_enable(): void {
  pcpu[regs[BLOCK] + MIGRATE_OFF]--;
}

/** smp_processor_id() */
export function smp_processor_id(): number {
  return regs[CPU];
}

/** get_cpu(). With PREEMPT_RT get_cpu_light(), which only keeps the task on its CPU. */
export function get_cpu(): number {
  if (is_rt()) pcpu[regs[BLOCK] + MIGRATE_OFF]++;
  else preempt_disable();
  return regs[CPU];
}

/** put_cpu() */
export function put_cpu(): void {
  if (is_rt()) pcpu[regs[BLOCK] + MIGRATE_OFF]--;
  else preempt_enable();
}
