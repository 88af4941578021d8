/**
 * Waiting for a condition — include/linux/wait.h, kernel/sched/wait.c.
 *
 * MODEL: the condition of wait_event() is a field that must become zero or NULL, and the machine reads that
 * field. So no wait queue is needed, and the wake_up_all() that belongs to it is left out.
 *
 * @module
 */
import { cellOf } from "../machine/layout/lvalue.ts";
import { block } from "../machine/hooks/mode.ts";
import { WAIT_ZERO } from "../machine/layout/waits.ts";
import type { Lvalue } from "../machine/memory/struct_type.ts";
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
