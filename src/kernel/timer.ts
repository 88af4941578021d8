/**
 * Timers — include/linux/timer.h, kernel/time/timer.c.
 *
 * MODEL: there is no time. A timer that was started may expire at any point at which softirqs run on its
 * CPU, after the callbacks that were queued there before it; the lock of the timer base is left out.
 *
 * @module
 */
import { cancelTimer, queuedTimer, queueTimer } from "../machine/context/grace.ts";
import { objectInit } from "../machine/hooks/odebug.ts";
import { point } from "../machine/memory/point.ts";
import { prim } from "../machine/layout/primitives.ts";
import { idOf, kernel } from "../machine/calls/registry.ts";
import { struct } from "../machine/memory/struct.ts";
import { type Fields, type Fn, fn, int, type Struct } from "../machine/memory/struct_type.ts";

/** struct timer_list */
export interface timer_list extends Struct, Fields<{ flags: number; function: Fn | null }> {}
export const timer_list = struct<timer_list>("timer_list", { flags: int, function: fn });

const P_START = prim("mod_timer");
const P_STOP = prim("del_timer");

/** timer_setup() */
export function timer_setup(timer: timer_list, callback: Fn, flags = 0): void {
  objectInit("timer_list", timer.a); // debug_init()
  timer.flags = flags;
  timer.function = callback;
}

/** timer_pending() */
export function timer_pending(timer: timer_list): boolean {
  return queuedTimer(timer.a, timer.a + 1) !== 0;
}

/** call_timer_fn() Context: softirq. */
export const call_timer_fn = kernel("call_timer_fn", (timer: timer_list): void => {
  timer.function!(timer);
}, { inline: true });

/** mod_timer(): start it; whether it was running already, and goes on. Context: any. */
export function mod_timer(timer: timer_list): boolean {
  point(P_START, timer.a);
  if (timer_pending(timer)) return true;
  queueTimer(idOf(call_timer_fn), timer.a);
  return false;
}

/** add_timer(): start one that is not running. Context: any. */
export function add_timer(timer: timer_list): void {
  mod_timer(timer);
}

/** del_timer(): whether it was running. Context: any. */
export function del_timer(timer: timer_list): boolean {
  point(P_STOP, timer.a);
  return cancelTimer(timer.a);
}
