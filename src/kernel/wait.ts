/**
 * Waiting for a condition — include/linux/wait.h, kernel/sched/wait.c.
 *
 * MODEL: the condition of wait_event() is a field that must become zero or NULL, and the machine reads that
 * field. So no wait queue is needed, and the wake_up_all() that belongs to it is left out.
 *
 * Who sleeps until it is woken, whatever became of a condition, is on a wait queue. MODEL: a queue is
 * a number, and its lock is left out: callers hold one of their own.
 *
 * @module
 */
import { cellOf } from "../machine/layout/lvalue.ts";
import { offsetOf, peek, poke } from "../machine/memory/peek.ts";
import { statics } from "../machine/memory/struct.ts";
import { block } from "../machine/hooks/mode.ts";
import { WAIT_ZERO } from "../machine/layout/waits.ts";
import { type Fields, int, type Lvalue, type Struct } from "../machine/memory/struct_type.ts";
import { might_sleep, spin_lock_irq, spin_unlock_irq, type spinlock_t } from "./spinlock.ts";

/** wait_event(): until `condition` holds, which `field` decides. Context: may sleep. */
export function wait_event(field: Lvalue<unknown>, condition: () => boolean): void {
  might_sleep();
  while (!condition()) block(WAIT_ZERO, cellOf(field), true);
}

/**
 * wait_event_lock_irq(): the same, under a lock that is released while it sleeps. Context: may
 * sleep.
 */
export function wait_event_lock_irq(
  field: Lvalue<unknown>,
  condition: () => boolean,
  lock: spinlock_t,
): void {
  while (!condition()) {
    spin_unlock_irq(lock);
    might_sleep(); // schedule(), which checks for an atomic context
    block(WAIT_ZERO, cellOf(field), true);
    spin_lock_irq(lock);
  }
}

/** struct wait_queue_entry: the queue that it is on, 0 if none, and whether somebody has it. */
export interface wait_queue_entry extends Struct, Fields<{ head: number; used: number }> {}
/** Entries lie on the stacks of those who wait, of whom there are at most so many. */
const ENTRIES = 16;
const entries = statics<wait_queue_entry>("wait_queue_entry", { head: int, used: int }, ENTRIES);
const HEAD = offsetOf(entries[0].type, "head");
const USED = offsetOf(entries[0].type, "used");

/** prepare_to_wait() on queue `head`, which is not 0. Context: the lock of those who wake. */
export function prepare_to_wait(head: number): wait_queue_entry {
  const wait = entries.find((e) => peek(e, USED) === 0);
  if (!wait) throw new RangeError(`Cannot wait: ${ENTRIES} tasks do`);
  poke(wait, USED, 1);
  poke(wait, HEAD, head);
  return wait;
}

/** schedule(), after prepare_to_wait(): until it is woken. Context: may sleep. */
export function schedule_until_woken(wait: wait_queue_entry): void {
  might_sleep();
  block(WAIT_ZERO, cellOf(wait.$head), true);
}

/** finish_wait() */
export function finish_wait(wait: wait_queue_entry): void {
  poke(wait, USED, -1);
}

/** wake_up_all(): all who wait on queue `head` now. Context: their lock. */
export function wake_up_all(head: number): void {
  for (const wait of entries) if (peek(wait, HEAD) === head) poke(wait, HEAD, -head);
}
