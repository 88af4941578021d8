/**
 * Shares of the strategies over a campaign.
 *
 * @module
 */
import type { Sample } from "./campaign_data.ts";

/** What part of the schedules each strategy wrote, in percent, between one sample and the next. */
export interface Shares {
  /** Executions at the end of each interval. */
  readonly execs: readonly number[];
  /** By strategy; null where no schedule was written. */
  readonly percent: ReadonlyMap<string, readonly (number | null)[]>;
}

/** The shares; those of samples between which nothing was written are null. */
export function sharesOf(samples: readonly Sample[]): Shares {
  const names = [...new Set(samples.flatMap(({ strategies }) => Object.keys(strategies)))];
  const percent = new Map(names.map((name) => [name, [] as (number | null)[]]));
  samples.forEach(({ strategies }, i) => {
    const before = samples[i - 1]?.strategies ?? {};
    // A shard that died takes what it did since its last report with it.
    const written = names.map((name) => Math.max(0, (strategies[name] ?? 0) - (before[name] ?? 0)));
    const all = written.reduce((sum, n) => sum + n, 0);
    names.forEach((name, k) => percent.get(name)!.push(all === 0 ? null : 100 * written[k] / all));
  });
  return { execs: samples.map(({ execs }) => execs), percent };
}
