/**
 * The life of one shard process: what it told, and how far it was when it died.
 *
 * @module
 */
import type { ShardEvent } from "../protocol/jobs.ts";

/** How far a shard was when it died. */
export interface Death {
  /** Shards that have worked on this piece of work, the dead one included. */
  readonly generations: number;
  /** Executions that the dead shard reported. */
  readonly execs: number;
  /** Milliseconds that it lived. */
  readonly ms: number;
  /** Titles of the findings that it saved. */
  readonly titles: readonly string[];
  /** The input in which it died, if the execution took long enough to be told. */
  readonly input: string | null;
}

/** What is known of a shard from its events. */
export class Life {
  /** When the last event came. */
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

  /** Whether the shard has run anything. */
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

  /** How far the shard was, after `generations` shards for this work. */
  death(generations: number): Death {
    const ms = this.now() - this.#born;
    return { generations, execs: this.#execs, ms, titles: [...this.#titles], input: this.#slow };
  }
}
