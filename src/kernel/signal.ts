/**
 * Signals — kernel/signal.c.
 *
 * @module
 */
import { kernel } from "../machine/calls/registry.ts";
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from "./rcu.ts";
import { cpu_curr, type sighand_struct, type task_struct } from "./sched.ts";
import { spin_lock_irqsave, spin_unlock_irqrestore } from "./spinlock.ts";

/**
 * lock_task_sighand(): run `locked` with the siglock of a task held, unless it was reaped. Context: the
 * task cannot be freed.
 */
export function with_task_sighand(
  task: task_struct,
  locked: (sighand: sighand_struct) => void,
): void {
  rcu_read_lock();
  for (;;) {
    const sighand = rcu_dereference(task.$sighand);
    if (!sighand) break; // it was reaped
    const flags = spin_lock_irqsave(sighand.siglock);
    const same = sighand === task.sighand;
    if (same) {
      rcu_read_unlock();
      locked(sighand);
    }
    spin_unlock_irqrestore(sighand.siglock, flags);
    if (same) return;
  }
  rcu_read_unlock();
}

/** kill_pid_info(): send the task of a CPU a signal, whose entry is allocated under the siglock. */
export const send_signal = kernel("send_signal", (cpu: number, alloc: () => number): number => {
  let entry = 0;
  rcu_read_lock();
  with_task_sighand(cpu_curr(cpu), () => {
    entry = alloc(); // __sigqueue_alloc()
  });
  rcu_read_unlock();
  return entry;
});
