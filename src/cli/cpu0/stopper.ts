/**
 * Decides when a job ends: at a deadline, or when the parent asks for it.
 *
 * @module
 */
import type { Board } from "../protocol/board.ts";

/** Executions between two readings of the clock. A reading is a system call. */
const CLOCK_EVERY = 16;

export interface Stopper {
  stop(): boolean;
  /** Stop at the next opportunity. */
  now(): void;
}

/** Stops after `maxMs` milliseconds, if that is a number, or when the shard is asked to stop. */
export function stopper(maxMs: number | null, board: Board): Stopper {
  const until = maxMs === null ? Infinity : performance.now() + maxMs;
  let asked = 0;
  let stopped = false;
  return {
    stop: () => {
      if (stopped || board.isStopAsked()) return true;
      if (asked++ % CLOCK_EVERY === 0) stopped = performance.now() >= until;
      return stopped;
    },
    now: () => void (stopped = true),
  };
}
