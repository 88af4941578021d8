/**
 * Starts and watches shards: silence, deaths, and signals.
 *
 * @module
 */
import { causeOfDeath, EXIT } from "../protocol/exit_code.ts";
import type { Job, ShardEvent } from "../protocol/jobs.ts";
import type { Output } from "./output.ts";
import { type Ending, ShardProcess } from "./shard_process.ts";

/** A shard hangs if it is silent for this many hang timeouts: it reports every second. */
const SILENCE = 12;
const WATCH_MS = 250;
/**
 * One Ctrl-C arrives several times: the terminal sends it to the whole process group, and both `npx`
 * and `deno task` pass it on. A signal that comes this soon after another is the same one.
 */
const SAME_SIGNAL_MS = 500;

/** One piece of work. */
export interface Work {
  readonly job: Job;
  readonly writable: readonly string[];
}

export interface SuperviseOptions {
  /** How many run at once. */
  readonly parallel: number;
  /** Cores to pin to, or null. */
  readonly cores: readonly number[] | null;
  readonly output: Output;
  readonly onEvent: (event: ShardEvent, work: number, all: Supervisor) => void;
  /** The program to run instead of the shard's; for tests. */
  readonly script?: URL;
}

/** The result. */
export interface Supervised {
  /** The exit code of the first failure of a shard, or null. */
  failure: number | null;
  interrupted: boolean;
  hung: boolean;
}

interface Running {
  readonly process: ShardProcess;
  readonly hangMs: number;
  heard: number;
  last: ShardEvent | null;
  finished: boolean;
  /** The supervisor killed it, so its death is expected. */
  killed: boolean;
}

/** Runs pieces of work, some at once, until all are done or one fails. */
export class Supervisor {
  readonly result: Supervised = { failure: null, interrupted: false, hung: false };
  readonly #works: readonly Work[];
  readonly #options: SuperviseOptions;
  readonly #running = new Map<number, Running>();
  #next = 0;
  #stopping = false;
  #interruptedAt = 0;

  constructor(works: readonly Work[], options: SuperviseOptions) {
    this.#works = works;
    this.#options = options;
  }

  /** Ask all shards to finish, and start no more. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    for (const r of this.#running.values()) r.process.stop();
  }

  /** Handle a signal: the first saves, the second ends everything. */
  interrupt(): void {
    const now = performance.now();
    if (this.result.interrupted) {
      if (now - this.#interruptedAt < SAME_SIGNAL_MS) return;
      for (const r of this.#running.values()) r.process.kill();
      Deno.exit(EXIT.killed);
    }
    this.result.interrupted = true;
    this.#interruptedAt = now;
    this.#options.output.note("Interrupted: saving. Press Ctrl-C again to stop at once");
    this.stop();
  }

  async supervise(): Promise<Supervised> {
    const onSignal = () => this.interrupt();
    Deno.addSignalListener("SIGINT", onSignal);
    Deno.addSignalListener("SIGTERM", onSignal);
    const watch = setInterval(() => this.#watch(), WATCH_MS);
    try {
      const lanes = Math.min(this.#options.parallel, this.#works.length);
      await Promise.all(Array.from({ length: lanes }, (_, lane) => this.#lane(lane)));
    } finally {
      clearInterval(watch);
      Deno.removeSignalListener("SIGINT", onSignal);
      Deno.removeSignalListener("SIGTERM", onSignal);
      for (const r of this.#running.values()) r.process.kill();
    }
    return this.result;
  }

  /** Run shards on one core, one after the other. */
  async #lane(lane: number): Promise<void> {
    const { cores } = this.#options;
    const core = cores === null ? null : cores[(lane + Deno.pid) % cores.length];
    while (this.#next < this.#works.length && !this.#stopping) {
      const index = this.#next++;
      const running = this.#start(index, core);
      this.#running.set(index, running);
      const ending = await running.process.ended();
      this.#running.delete(index);
      this.#judge(running, ending);
    }
  }

  #start(index: number, core: number | null): Running {
    const { job, writable } = this.#works[index];
    // Free-running CPUs run in parallel and need more than one core.
    const free = job.verb === "fuzz" && job.machine === "free";
    const pinned = free ? null : core;
    const process = new ShardProcess(
      { job, core: pinned, writable, script: this.#options.script },
      {
        event: (event) => this.#hear(running, event, index),
        stray: (line) => this.#options.output.pass(line + "\n"),
      },
    );
    const running: Running = {
      process,
      hangMs: job.hangMs,
      heard: performance.now(),
      last: null,
      finished: false,
      killed: false,
    };
    return running;
  }

  #hear(running: Running, event: ShardEvent, index: number): void {
    running.heard = performance.now();
    running.last = event;
    if (event.event === "done") running.finished = true;
    if (event.event === "error") {
      running.finished = true;
      this.#fail(event.code, event.message);
    }
    if (event.event === "hang") {
      // The other shards go on: an input that hangs is a finding.
      this.result.hung = true;
      running.finished = true;
    }
    this.#options.onEvent(event, index, this);
  }

  #fail(code: number, message: string): void {
    this.#options.output.error(`error: ${message}`);
    this.result.failure ??= code;
    this.stop();
  }

  #watch(): void {
    if (this.#options.output.isBroken && !this.result.interrupted) this.interrupt();
    const now = performance.now();
    for (const [index, r] of this.#running) {
      if (r.killed || now - r.heard <= SILENCE * r.hangMs) continue;
      r.killed = true;
      r.process.kill();
      // A shard that has reported its result and only fails to exit is no hang of the model.
      if (r.finished) continue;
      const title = `shard ${index} was silent for ${SILENCE * r.hangMs / 1000} s`;
      this.#hear(r, { event: "hang", file: null, title }, index);
    }
  }

  /** A shard that ends without a last event has died. */
  #judge(running: Running, { code, signal }: Ending): void {
    if (running.finished || running.killed || this.result.interrupted) return;
    const said = running.last === null ? "before it said anything" : `after ${described(running)}`;
    const { cause, exit } = causeOfDeath(code, signal);
    this.#fail(exit, `A shard died of ${cause} ${said}`);
  }
}

function described({ last }: Running): string {
  return JSON.stringify(last).slice(0, 200);
}
