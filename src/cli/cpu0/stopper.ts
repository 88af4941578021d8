/**
 * When a job ends: a deadline that is looked at now and then, and the wish from outside.
 *
 * @module
 */
import type { Board } from "../protocol/board.ts";

/** Executions between two looks at the clock: asking costs more than it tells. */
const CLOCK_EVERY = 16;

export interface Stopper {
  stop(): boolean;
  /** Stop at the next opportunity. */
  now(): void;
}

/** Stops after `maxMs`, if that is a number, or when the shard is told to. */
export function stopper(maxMs: number | null, board: Board): Stopper {
  const until = maxMs === null ? Infinity : performance.now() + maxMs;
  let asked = 0;
  let stopped = false;
  return {
    stop: () => {
      if (stopped || board.isStopAsked()) return true;
      return asked++ % CLOCK_EVERY === 0 && performance.now() >= until;
    },
    now: () => void (stopped = true),
  };
}
