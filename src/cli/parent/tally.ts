/**
 * The counts of all shards, added up.
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

/** The latest counts of each shard, and their sum. */
export class Tally {
  readonly #latest = new Map<number, Counts>();
  /** What shards that died had done, by the number that their successor has. */
  readonly #before: Counts[] = [];

  /**
   * What the shard has done so far is over, because it died or goes on to something else; it counts from zero
   * now. `execs_per_sec` is the rate that remains of what is over.
   */
  retire(shard: number, execs_per_sec = 0): void {
    const counts = this.#latest.get(shard);
    if (counts === undefined) return;
    this.#latest.delete(shard);
    this.#before.push({ ...counts, execs_per_sec, queue: 0, crashes: 0, rss_mb: 0 });
  }

  /** Store the counts that a shard reports. */
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

  /** Store the final counts of a shard. */
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

  /** The latest counts of one shard. */
  of(shard: number): Counts {
    return this.#latest.get(shard) ?? ZERO;
  }

  /** The sums. Features are not added, because shards find the same ones. */
  get sum(): Counts {
    const all = [...this.#latest.values(), ...this.#before];
    const add = (f: (c: Counts) => number) => all.reduce((n, c) => n + f(c), 0);
    const phases = new Set([...this.#latest.values()].map(({ phase }) => phase));
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

/** A number of things: `1 shard`, `2 shards`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** The size of an input: `2 CPUs, 2 operations, 1 switch`. */
export function sizes(cpus: number, ops: number, switches: number): string {
  const plural = switches === 1 ? "switch" : "switches";
  return `${count(cpus, "CPU")}, ${count(ops, "operation")}, ${switches} ${plural}`;
}

/** A count that fits a column: `950`, `3.1k`, `12M`. */
export function short(n: number): string {
  for (const [unit, size] of [["G", 1e9], ["M", 1e6], ["k", 1e3]] as const) {
    if (n >= size) return (n / size).toFixed(n < 10 * size ? 1 : 0) + unit;
  }
  return String(Math.round(n));
}

/** `#8192 fuzz exec/s: 3.1k …`, in the form of libFuzzer. */
export function statusLine(c: Counts): string {
  return `#${c.execs} ${c.phase} exec/s: ${short(c.execs_per_sec)} pts: ${short(c.points)} ` +
    `ft: ${c.features} queue: ${c.queue} crash: ${c.crashes} rss: ${Math.round(c.rss_mb)}Mb`;
}
