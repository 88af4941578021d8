/**
 * Starts and watches shards: silence, deaths, and signals.
 *
 * @module
 */
import { causeOfDeath, EXIT } from "../protocol/exit_code.ts";
import type { Job, ShardEvent } from "../protocol/jobs.ts";
import type { Output } from "./output.ts";
import { Berth } from "./berth.ts";
import { type Death, Life } from "./life.ts";
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
  /**
   * The work that a new shard does after one died: what the dead one left undone, or null if that is
   * nothing. Without this, a death ends everything.
   */
  readonly revive?: (work: Work, death: Death) => Work | null;
  /** The program to run instead of the shard's; for tests. */
  readonly script?: URL;
}

/** Deaths in a row, without an execution in between, after which no new shard takes over. */
const DEATHS_MAX = 3;

/** The result. */
export interface Supervised {
  /** The exit code of the first failure of a shard, or null. */
  failure: number | null;
  interrupted: boolean;
  hung: boolean;
}

interface Running {
  readonly work: Work;
  readonly process: ShardProcess;
  readonly life: Life;
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
    const berth = cores === null ? null : new Berth(cores, lane, Deno.pid);
    while (this.#next < this.#works.length && !this.#stopping) {
      const index = this.#next++;
      let deaths = 0;
      let work: Work | null = this.#works[index];
      for (let generations = 1; work !== null && !this.#stopping; generations++) {
        const running: Running = this.#start(work, index, berth);
        this.#running.set(index, running);
        const ending = await running.process.ended();
        this.#running.delete(index);
        deaths = running.life.worked ? 1 : deaths + 1;
        work = this.#judge(running, ending, generations, deaths);
      }
    }
  }

  #start(work: Work, index: number, berth: Berth | null): Running {
    const { job, writable } = work;
    // Free-running CPUs run in parallel and need more than one core.
    const free = job.verb === "fuzz" && job.machine === "free";
    const life = new Life();
    const process = new ShardProcess(
      { job, core: free ? null : berth?.core ?? null, writable, script: this.#options.script },
      {
        event: (event) => {
          this.#hear(life, event, index);
          if (!free && berth !== null) this.#settle(process, berth, event);
        },
        stray: (line) => this.#options.output.pass(line + "\n"),
      },
    );
    return { work, process, life };
  }

  /** Move a shard that has to share its core, unless this campaign itself fills all cores. */
  #settle(process: ShardProcess, berth: Berth, event: ShardEvent): void {
    if (event.event !== "status" || event.cpu_share === undefined) return;
    if (this.#running.size >= berth.cores.length) return;
    const core = berth.hear(event.cpu_share);
    if (core !== null) process.move(core);
  }

  #hear(life: Life, event: ShardEvent, index: number): void {
    life.hear(event);
    if (event.event === "error") this.#fail(event.code, event.message);
    // The other shards go on: an input that hangs is a finding.
    if (event.event === "hang") this.result.hung = true;
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
    for (const [index, { work, life, process }] of this.#running) {
      const silence = SILENCE * work.job.hangMs;
      if (life.killed || now - life.heard <= silence) continue;
      life.killed = true;
      process.kill();
      // A shard that has given its result and only fails to exit is no hang of the model.
      if (life.finished) continue;
      const title = `shard ${index} was silent for ${silence / 1000} s`;
      this.#hear(life, { event: "hang", file: null, title }, index);
    }
  }

  /** A shard that ends without a last event has died. The work that is left for a new one, or null. */
  #judge(
    { work, life }: Running,
    ending: Ending,
    generations: number,
    deaths: number,
  ): Work | null {
    if (life.finished || life.killed || this.result.interrupted) return null;
    const { cause, exit } = causeOfDeath(ending.code, ending.signal, life.rssMb);
    const said = life.last === null
      ? "before it said anything"
      : `after ${JSON.stringify(life.last).slice(0, 200)}`;
    const { revive, output } = this.#options;
    if (revive === undefined || deaths >= DEATHS_MAX) {
      this.#fail(exit, `A shard died of ${cause} ${said}`);
      return null;
    }
    output.note(`A shard died of ${cause}; a new one takes its place`);
    return revive(work, life.death(generations, cause));
  }
}
