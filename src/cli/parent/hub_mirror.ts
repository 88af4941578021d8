/**
 * The exchange of a campaign with its hub: a folder for the shards on one side, the hub process on the
 * other.
 *
 *     DIR/own/queue, crashes     what this worker found; the shards write it
 *     DIR/hub/queue, crashes     what others found; this mirror writes it, and the shards run it
 *
 * Shards see a directory of campaigns, as with `--sync`, and know nothing of Redis. While the hub is
 * away, the campaign goes on, and what it has to tell waits in its folder.
 *
 * @module
 */
import type {
  BadRecord,
  BeatResult,
  Entry,
  HubFinding,
  Place,
  Told,
  Trouble,
  WorkerStats,
} from "../hub/messages.ts";
import { isSystemError, reason } from "../files/system_error.ts";
import type { CrashEvent } from "../protocol/jobs.ts";
import type { Files } from "../../engine/triage/store.ts";
import { parseProgram } from "../../prog/parse.ts";
import type { TargetSpec } from "../../prog/types.ts";
import type { HubKey } from "./hub_key.ts";
import { hostPort, type HubProcess, HubTrouble } from "./hub_process.ts";
import { Spool } from "./hub_spool.ts";
import type { Output } from "./output.ts";
import { count } from "./tally.ts";

/** Milliseconds between two beats; with a thousand workers and more, as many as there are workers. */
const BEAT_MS = 1000;
const BEAT_MS_MAX = 3000;
/** Entries that wait for the hub, at most: about 20 MB. */
const SPOOL_MAX = 20_000;
/** Milliseconds for the last words of a campaign. */
const LAST_MS = 5000;

export interface MirrorOptions {
  readonly process: HubProcess;
  readonly output: Output;
  readonly files: Files;
  /** The folder with `own` and `hub`. */
  readonly dir: string;
  readonly worker: string;
  readonly key: HubKey;
  readonly spec: TargetSpec;
  /** The lease that this campaign works on, or null. */
  readonly lease: string | null;
  /** What to tell of this worker. */
  readonly stats: () => Omit<WorkerStats, "spool">;
  /** Milliseconds that were spent on the lease. */
  readonly spent: () => number;
  /** The lease went to another worker. */
  readonly onLost: () => void;
}

const AWAY: Readonly<Record<Trouble, string>> = {
  away: "is away",
  refused: "refuses this worker",
  full: "takes nothing more",
  error: "reports an error",
};

export class HubMirror {
  /** Titles of the findings that the hub has. */
  readonly titles = new Set<string>();
  readonly #options: MirrorOptions;
  readonly #spool: Spool;
  readonly #url: string;
  #place: Place = { entry: "0-0", finding: "0-0" };
  #isOpen = false;
  #isCaughtUp = false;
  #isFirst = true;
  /** The trouble in words; "" before the first exchange, and null if all is well. */
  #trouble: string | null = "";
  #beatMs = BEAT_MS;
  #workers = 0;
  #over = false;
  #running: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};
  readonly #counts = { told: 0, found: 0, took: 0 };

  constructor(options: MirrorOptions) {
    this.#options = options;
    const { dir, files, process } = options;
    this.#spool = new Spool({ files, dir: `${dir}/own`, max: SPOOL_MAX });
    this.#url = `redis://${hostPort(process.setup)}/${process.setup.name}`;
  }

  /** Bring what the hub has, and begin to exchange. */
  async start(): Promise<void> {
    await this.#round();
    this.#running = this.#loop();
  }

  /** A shard has saved a finding: it is told at once. */
  heard(event: CrashEvent): void {
    this.#spool.heard(event);
    this.#wake();
  }

  /** Tell the rest, if the hub listens. */
  async stop(): Promise<void> {
    this.#over = true;
    this.#wake();
    await this.#running;
    const { output } = this.#options;
    this.#isFirst = true;
    for (const end = performance.now() + LAST_MS; performance.now() < end;) {
      const trouble = await this.#round();
      if (trouble !== "away") break;
      await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
    }
    const { found, told, took } = this.#counts;
    output.note(
      `Hub: told ${count(told, "input")} and ${count(found, "finding")}, took ${
        count(took, "file")
      }; ${count(this.#workers, "worker")} at the end`,
    );
    if (this.#spool.size === 0) return;
    const { dir, worker } = this.#options;
    output.note(
      `Hub: ${count(this.#spool.size, "file")} in ${dir}/own wait for it; ` +
        `the next campaign with --name ${worker} tells them`,
    );
  }

  async #loop(): Promise<void> {
    while (!this.#over) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#beatMs);
        this.#wake = () => (clearTimeout(timer), resolve());
      });
      if (!this.#over) await this.#round();
    }
  }

  /** One exchange; why it was not done, or null if it was. */
  async #round(): Promise<Trouble | null> {
    const { process, key } = this.#options;
    try {
      const dropped = this.#spool.dropped;
      this.#spool.look(this.#isFirst);
      this.#isFirst = false;
      if (this.#spool.dropped > dropped) this.#tellDropped();
      if (!this.#isOpen) await process.ask({ do: "open", ...key });
      this.#isOpen = true;
      while (await this.#beat());
      await this.#tell();
      // So that the hub knows that nothing waits.
      if (this.#over) await this.#beat();
      this.#good();
      return null;
    } catch (e) {
      if (e instanceof HubTrouble) return this.#bad(e.trouble, e.message);
      if (!isSystemError(e)) throw e;
      return this.#bad("error", `cannot write below ${this.#options.dir}: ${reason(e)}`);
    }
  }

  /** Tell that this worker lives, and take what is new; whether there is more. */
  async #beat(): Promise<boolean> {
    const { key, lease, onLost, process, spent, stats, worker } = this.#options;
    const news = await process.ask<BeatResult>({
      do: "beat",
      worker,
      key: key.key,
      stats: { ...stats(), spool: this.#spool.size },
      lease,
      spent: spent(),
      place: this.#place,
      skipOwn: this.#isCaughtUp,
    });
    for (const entry of news.entries) this.#takeEntry(entry);
    for (const finding of news.findings) this.#takeFinding(finding);
    for (const bad of news.bad) this.#cannotUse(bad);
    // Only now: what was not written is asked for again.
    this.#place = news.place;
    this.#workers = news.workers;
    this.#beatMs = Math.min(BEAT_MS_MAX, Math.max(BEAT_MS, news.workers));
    if (!news.more) this.#isCaughtUp = true;
    if (news.lost) onLost();
    return news.more;
  }

  #takeEntry({ features, hash, text, worker }: Entry & { worker: string }): void {
    const path = `${this.#options.dir}/hub/queue/${hash}.txt`;
    if (!this.#isInput(text, `entry ${hash} of ${worker}`)) return;
    this.#spool.cover(features);
    if (worker === this.#options.worker) return;
    this.#options.files.write(path, text, false);
    this.#counts.took++;
  }

  #takeFinding({ file, report, text, title, worker }: HubFinding & { worker: string }): void {
    const { dir, files } = this.#options;
    if (!this.#isInput(text, `finding ${file} of ${worker}`)) return;
    this.titles.add(title);
    this.#spool.has(file);
    if (files.read(`${dir}/own/crashes/${file}`) !== null) return;
    files.write(`${dir}/hub/crashes/${file}`, text);
    files.write(`${dir}/hub/crashes/${file.replace(/\.txt$/, ".report")}`, report);
    this.#counts.took++;
  }

  #isInput(text: string, what: string): boolean {
    const { program, errors } = parseProgram(text, what, [this.#options.spec]);
    if (program === null) this.#cannotUse({ id: what, why: String(errors[0]) });
    return program !== null;
  }

  #cannotUse({ id, why }: BadRecord): void {
    const { key, output } = this.#options;
    const path = `${this.#url} ${key.key} ${id}`;
    output.event({ event: "unreadable", path, reason: why } as { event: string });
    output.note(`Cannot use "${path}": ${why}; it is left out`);
  }

  async #tell(): Promise<void> {
    const { key: { key }, output, process, worker } = this.#options;
    for (let f = this.#spool.finding(); f !== null; f = this.#spool.finding()) {
      await process.ask({ do: "find", worker, key, finding: f });
      this.#spool.found();
      this.#counts.found++;
      output.event({ event: "told", key, inputs: [], findings: [f.file] } as { event: string });
    }
    for (let b = this.#spool.batch(); b.taken > 0; b = this.#spool.batch()) {
      if (b.entries.length > 0) {
        const told = await process.ask<Told[]>({ do: "tell", worker, key, entries: b.entries });
        const inputs = b.entries.filter((_, i) => told[i] !== "adds nothing").map((e) => e.hash);
        this.#counts.told += inputs.length;
        output.event({ event: "told", key, inputs, findings: [] } as { event: string });
      }
      this.#spool.told(b);
    }
  }

  #tellDropped(): void {
    this.#options.output.note(
      `Hub: more than ${SPOOL_MAX} inputs wait for it; the oldest ${this.#spool.dropped} are ` +
        `not told any more`,
    );
  }

  /** All went well; told only if it did not before. */
  #good(): void {
    if (this.#trouble === null) return;
    const { output, process } = this.#options;
    const isBack = this.#trouble !== "";
    this.#trouble = null;
    output.event(
      { event: "hub", hub: this.#url, state: "joined", message: "" } as { event: string },
    );
    const name = `"${process.setup.name}" at ${hostPort(process.setup)}`;
    output.note(
      isBack ? `Hub ${name} is back` : `Hub ${name}: ${count(this.#workers, "worker")}`,
    );
  }

  #bad(state: Trouble, message: string): Trouble {
    // The next connection may be one to a Redis that has forgotten, or to another one.
    this.#isOpen = false;
    const text = `${state} ${message}`;
    if (this.#trouble === text) return state;
    this.#trouble = text;
    const { output } = this.#options;
    output.event({ event: "hub", hub: this.#url, state, message } as { event: string });
    output.error(
      `Hub ${this.#url} ${
        AWAY[state]
      }: ${message}. The campaign goes on and keeps what it has to tell`,
    );
    return state;
  }
}
