/**
 * When a campaign ends: a deadline that is looked at now and then, and the wish from outside.
 *
 * @module
 */
import * as arena from "../../machine/words/arena.ts";
import * as C from "../../machine/words/control.ts";

const { ctl } = arena;

/** Executions between two looks at the clock: asking costs more than it tells. */
const CLOCK_EVERY = 16;

export interface Stopper {
  stop(): boolean;
  /** Stop at the next opportunity. */
  now(): void;
}

/** Stops after `maxMs`, if that is a number, or when the shard is told to. */
export function stopper(maxMs: number | null): Stopper {
  const until = maxMs === null ? Infinity : performance.now() + maxMs;
  let asked = 0;
  let stopped = false;
  return {
    stop: () => {
      if (stopped || Atomics.load(ctl, C.STOP) !== 0) return true;
      return asked++ % CLOCK_EVERY === 0 && performance.now() >= until;
    },
    now: () => void (stopped = true),
  };
}
