/**
 * The progress of a campaign while it runs.
 *
 * @module
 */
import type { Board } from "../protocol/board.ts";
import type { Counts, StrategyExecs } from "../protocol/jobs.ts";
import type { Campaign } from "../../engine/campaign/campaign.ts";

/**
 * Publish the progress for the main thread, which reports it every second. Called after every
 * execution.
 */
export function publish(c: Campaign, board: Board): void {
  const { execs, features, points, queue, switches, titles } = c;
  board.publish(execs, points, switches, features, queue.entries.length, titles.size);
  if (c.parts !== undefined) board.publishParts(c.parts.counts);
}

/** Schedules by the names of strategies. */
export function execsOf(names: readonly string[], counts: ArrayLike<number>): StrategyExecs {
  return Object.fromEntries(names.map((name, i) => [name, counts[i]]));
}

/** The counts of an event. The rate is that since `start`; 0 without it. */
export function countsOf(c: Campaign, start?: number): Counts {
  const ms = start === undefined ? Infinity : Math.max(1, performance.now() - start);
  return {
    execs: c.execs,
    execs_per_sec: Math.round(c.execs * 1000 / ms),
    points: c.points,
    switches: c.switches,
    features: c.features,
    queue: c.queue.entries.length,
    crashes: c.titles.size,
    phase: "fuzz",
    rss_mb: Math.round(Deno.memoryUsage().rss / (1 << 20)),
    strategies: c.parts === undefined ? undefined : execsOf(c.parts.names, c.parts.counts),
  };
}
