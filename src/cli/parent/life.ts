/**
 * The life of one shard process: its events, and its progress when it died.
 *
 * @module
 */
import type { ShardEvent } from "../protocol/jobs.ts";

/** The progress of a shard when it died. */
export interface Death {
  /** The signal or the exit code of its process. */
  readonly of: string;
  /** Number of shards for this piece of work so far, including the dead one. */
  readonly generations: number;
  /** Number of executions that the dead shard reported. */
  readonly execs: number;
  /** Lifetime of the shard in milliseconds. */
  readonly ms: number;
  /** Titles of the findings that the shard saved. */
  readonly titles: readonly string[];
  /** The input in which the shard died, if the execution took long enough to be reported. */
  readonly input: string | null;
}

/** What the events of a shard tell about it. */
export class Life {
  /** Time of the last event. */
  heard: number;
  last: ShardEvent | null = null;
  /** The shard has given its result. */
  finished = false;
  /** The supervisor killed the shard, so its death is expected. */
  killed = false;
  /** Memory that the shard last reported. */
  rssMb = 0;
  #execs = 0;
  #slow: string | null = null;
  readonly #titles: string[] = [];
  readonly #born: number;

  constructor(readonly now: () => number = () => performance.now()) {
    this.#born = now();
    this.heard = this.#born;
  }

  /** Whether the shard has executed an input. */
  get worked(): boolean {
    return this.#execs > 0;
  }

  hear(event: ShardEvent): void {
    this.heard = this.now();
    this.last = event;
    switch (event.event) {
      case "status":
      case "pulse":
        if (event.execs !== this.#execs) this.#slow = null;
        this.#execs = event.execs;
        this.rssMb = event.rss_mb;
        break;
      case "slow":
        this.#slow = event.text;
        break;
      case "crash":
        this.#titles.push(event.title);
        break;
      case "done":
      case "error":
      case "hang":
        this.finished = true;
    }
  }

  /** The progress of the shard at its death, after `generations` shards for this work. */
  death(generations: number, of: string): Death {
    const ms = this.now() - this.#born;
    const titles = [...this.#titles];
    return { of, generations, execs: this.#execs, ms, titles, input: this.#slow };
  }
}
