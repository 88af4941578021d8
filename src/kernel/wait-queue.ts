/**
 * Wait queues — include/linux/wait.h, kernel/sched/wait.c: who sleeps until it is woken, whatever became
 * of a condition.
 *
 * MODEL: a queue is a number, and its lock is left out: callers hold one of their own.
 *
 * @module
 */
import { cellOf } from "../machine/layout/lvalue.ts";
import { WORKERS_MAX } from "../machine/layout/sizes.ts";
import { WAIT_ZERO } from "../machine/layout/waits.ts";
import { block } from "../machine/hooks/mode.ts";
import { offsetOf, peek, poke } from "../machine/memory/peek.ts";
import { statics } from "../machine/memory/struct.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { config } from "../machine/words/config.ts";
import { might_sleep } from "./preempt.ts";

/** struct wait_queue_entry: the queue that it is on, 0 if none, and whether somebody has it. */
export interface wait_queue_entry extends Struct, Fields<{ head: number; used: number }> {}
/** Entries lie on the stacks of those who wait: the task of each CPU, and its kworkers. */
const ENTRIES = config.cpus * (1 + WORKERS_MAX);
const entries = statics<wait_queue_entry>("wait_queue_entry", { head: int, used: int }, ENTRIES);
const HEAD = offsetOf(entries[0].type, "head");
const USED = offsetOf(entries[0].type, "used");

/** prepare_to_wait() on queue `head`, which is not 0. Context: the lock of those who wake. */
export function prepare_to_wait(head: number): wait_queue_entry {
  const wait = entries.find((e) => peek(e, USED) === 0)!;
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
