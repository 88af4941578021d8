/**
 * The shards' counts, added up.
 *
 * @module
 */
import type { Counts, DoneEvent } from "../protocol/jobs.ts";

const ZERO: Counts = {
  execs: 0,
  execs_per_sec: 0,
  points: 0,
  switches: 0,
  features: 0,
  queue: 0,
  crashes: 0,
  phase: "start",
  rss_mb: 0,
};

/** What all shards together have done. */
export class Tally {
  readonly #latest = new Map<number, Counts>();

  /** Take note of what one shard says. */
  update(shard: number, { execs, execs_per_sec, points, switches, features, ...rest }: Counts) {
    const { queue, crashes, phase, rss_mb } = rest;
    this.#latest.set(shard, {
      execs,
      execs_per_sec,
      points,
      switches,
      features,
      queue,
      crashes,
      phase,
      rss_mb,
    });
  }

  /** The last a shard says of itself. */
  done(shard: number, e: DoneEvent): void {
    const before = this.#latest.get(shard) ?? ZERO;
    const { execs, execs_per_sec, points, switches, features } = e;
    this.#latest.set(shard, {
      ...before,
      execs,
      execs_per_sec,
      points,
      switches,
      features,
      phase: "done",
    });
  }

  /** What one shard said last. */
  of(shard: number): Counts {
    return this.#latest.get(shard) ?? ZERO;
  }

  /** Sums; features are not added, since shards find the same ones. */
  get sum(): Counts {
    const all = [...this.#latest.values()];
    const add = (f: (c: Counts) => number) => all.reduce((n, c) => n + f(c), 0);
    const phases = new Set(all.map(({ phase }) => phase));
    return {
      execs: add((c) => c.execs),
      execs_per_sec: Math.round(add((c) => c.execs_per_sec)),
      points: add((c) => c.points),
      switches: add((c) => c.switches),
      features: all.reduce((n, c) => Math.max(n, c.features), 0),
      queue: add((c) => c.queue),
      crashes: add((c) => c.crashes),
      phase: [...phases].join("+"),
      rss_mb: Math.round(add((c) => c.rss_mb)),
    };
  }
}

/** A count that fits a column: `950`, `3.1k`, `12M`. */
export function short(n: number): string {
  for (const [unit, size] of [["G", 1e9], ["M", 1e6], ["k", 1e3]] as const) {
    if (n >= size) return (n / size).toFixed(n < 10 * size ? 1 : 0) + unit;
  }
  return String(Math.round(n));
}

/** `#8192 exec/s: 3.1k pts/s: …`, as libFuzzer writes it. */
export function statusLine(c: Counts): string {
  return `#${c.execs} ${c.phase} exec/s: ${short(c.execs_per_sec)} pts: ${short(c.points)} ` +
    `ft: ${c.features} queue: ${c.queue} crash: ${c.crashes} rss: ${Math.round(c.rss_mb)}Mb`;
}
