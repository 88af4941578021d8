/**
 * Schedules that each strategy wrote, of all shards, added up.
 *
 * @module
 */
import type { StrategyExecs } from "../protocol/jobs.ts";

/** The latest counts of each shard, and their sum. */
export class StrategyCounts {
  readonly #latest = new Map<number, StrategyExecs>();
  /** What shards that died had done. */
  readonly #before: StrategyExecs[] = [];

  update(shard: number, counts: StrategyExecs): void {
    this.#latest.set(shard, counts);
  }

  /** The shard died; its successor counts from zero. */
  retire(shard: number): void {
    const counts = this.#latest.get(shard);
    if (counts === undefined) return;
    this.#latest.delete(shard);
    this.#before.push(counts);
  }

  get sum(): StrategyExecs {
    const sum: Record<string, number> = {};
    for (const counts of [...this.#before, ...this.#latest.values()]) {
      for (const [name, n] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + n;
    }
    return sum;
  }
}
