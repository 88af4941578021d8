/**
 * Places where the kernel may schedule away.
 *
 * @module
 */

/** Told whether it is a lock that PREEMPT_RT makes a sleeping one, which a reader may wait for. */
export type SleepChecker = (onLock: boolean) => void;

let checker: SleepChecker | null = null;

/** The oracle that is asked whether sleeping is allowed here. */
export function onSleep(f: SleepChecker | null): void {
  checker = f;
}

/** The kernel may sleep here. */
export function maySleep(): void {
  if (checker !== null) checker(false);
}

/** It may sleep here for a lock. */
export function maySleepOnLock(): void {
  if (checker !== null) checker(true);
}
