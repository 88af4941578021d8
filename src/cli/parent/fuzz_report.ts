/**
 * The output of `fuzz`, for people and for programs.
 *
 * @module
 */
import {
  type CrashEvent,
  PHASES,
  type ProfileEvent,
  type ShardEvent,
  type UnwrittenEvent,
} from "../protocol/jobs.ts";
import type { Output } from "./output.ts";
import { count, sizes, statusLine, Tally } from "./tally.ts";

/** Milliseconds between two `status` events. */
const STATUS_MS = 1000;

export interface FuzzReportOptions {
  /** The run is bounded by executions: no event may depend on time. */
  readonly exact: boolean;
  readonly shards: number;
  /** Print whole reports. */
  readonly verbose: boolean;
  /** Whether findings of known bugs count like new ones. */
  readonly countKnown: boolean;
}

/** Prints the events of the shards. */
export class FuzzReport {
  readonly titles = new Set<string>();
  /** The crashes of each new cause, by what they follow from. */
  readonly #causes = new Map<string, CrashEvent[]>();
  /** Known bugs, if they count. */
  #knownCounted = 0;
  /** Files of findings, so that what two shards find is told once. */
  readonly #files = new Set<string>();
  /** Names of the known bugs that were found. */
  readonly #known = new Set<string>();
  /** Whether some file could not be written. */
  unwritten = false;
  /** Inputs that hang, by title; null if the input was not saved. */
  readonly #hangs = new Map<string, string | null>();
  /** Inputs of other campaigns, and of other shards, that shards have run. */
  #imported = 0;
  /** Samples of what shards did, with `--profile`. */
  readonly #samples = Object.fromEntries(PHASES.map((p) => [p, 0])) as ProfileEvent["samples"];
  readonly #output: Output;
  readonly #options: FuzzReportOptions;
  readonly #tally = new Tally();
  readonly #now: () => number;
  #told: number;

  constructor(
    output: Output,
    options: FuzzReportOptions,
    now: () => number = () => performance.now(),
  ) {
    this.#output = output;
    this.#options = options;
    this.#now = now;
    this.#told = now();
  }

  /** Causes that count: those of new bugs, or all. */
  get counted(): number {
    return this.#causes.size + this.#knownCounted;
  }

  /** Take one event of a shard; true if it is a crash that counts and was not told yet. */
  event(e: ShardEvent, shard: number): boolean {
    const output = this.#output;
    if (e.event === "crash") return this.#crash(e);
    if (e.event === "pulse" || e.event === "status") {
      this.#tally.update(shard, e);
      this.#status(e.event === "pulse", shard);
    } else if (e.event === "done") {
      this.#tally.done(shard, e);
    } else if (e.event === "hang") {
      this.#hangs.set(e.title, e.file);
      output.event({ event: "hang", title: e.title, file: e.file } as { event: string });
      output.line(`HANG   ${e.title}${e.file === null ? "" : `\n       saved as ${e.file}`}`);
    } else if (e.event === "unwritten") {
      this.#cannotWrite(e);
    } else if (e.event === "sync") {
      this.#imported += e.inputs;
      output.event(e);
    } else if (e.event === "profile") {
      for (const phase of PHASES) this.#samples[phase] += e.samples[phase];
    } else if (e.event === "unreadable") {
      output.event(e);
      output.note(`Cannot use "${e.path}": ${e.reason}`);
    } else if (e.event === "busy") {
      // The search in lockstep follows; it has counts of its own.
      this.#tally.retire(shard, this.#tally.of(shard).execs_per_sec);
      output.event(e);
      output.note(`CPU time was ${e.ratio.toFixed(2)} times the wall time`);
    }
    return false;
  }

  /** A shard died, and a new one takes its place. */
  retire(shard: number): void {
    this.#tally.retire(shard);
  }

  /** Print what a file would hold that cannot be written, so that nothing is lost. */
  #cannotWrite({ path, reason, text }: UnwrittenEvent): void {
    this.unwritten = true;
    const output = this.#output;
    output.event({ event: "unwritten", path, reason, text } as { event: string });
    output.error(`Cannot write "${path}": ${reason}`);
    if (text === null) output.note("The campaign goes on; its queue is not saved");
    else output.line(`${text.trimEnd()}\n(end of ${path})`);
  }

  /** The last line. */
  done(): void {
    const { execs, execs_per_sec, features } = this.#tally.sum;
    const { points, switches } = this.#tally.sum;
    const titles = [...this.titles].sort();
    const known = [...this.#known].sort();
    const causes = [...this.#causes].sort(([a], [b]) => a < b ? -1 : 1);
    const event = "done";
    const done = {
      event,
      execs,
      execs_per_sec,
      points,
      switches,
      features,
      titles,
      causes: causes.map(([cause]) => cause),
    };
    this.#profile();
    this.#output.event(done);
    // A hang at points has a title like any crash.
    const hangs = [...this.#hangs].filter(([title]) => !this.titles.has(title));
    const found = [
      ...causes.length > 0 ? [count(causes.length, known.length > 0 ? "new cause" : "cause")] : [],
      ...hangs.length > 0 ? [count(hangs.length, "hang")] : [],
    ].join(" and ");
    const nothing = known.length > 0 ? "nothing new found" : "nothing found";
    this.#output.note(
      `Done: ${count(execs, "execution")} (${execs_per_sec}/s), ` +
        (found === "" ? nothing : `${found}:`),
    );
    for (const line of causes.flatMap(closing)) this.#output.note(line);
    for (const [title, file] of hangs) {
      this.#output.note(`  HANG ${title}${file === null ? "" : `: ${file}`}`);
    }
    if (this.#imported > 0) {
      this.#output.note(
        `Sync: ${count(this.#imported, "input")} of other campaigns and shards tried`,
      );
    }
    if (known.length > 0) this.#output.note(`Known: ${known.join(", ")}`);
  }

  /** Where the time of the shards went, if they took samples. */
  #profile(): void {
    const all = PHASES.reduce((sum, phase) => sum + this.#samples[phase], 0);
    if (all === 0) return;
    const shares = PHASES.map((phase) => [phase, this.#samples[phase] / all] as const);
    const event = { event: "profile", samples: all, shares: Object.fromEntries(shares) };
    this.#output.event(event as { event: string });
    const texts = shares.map(([phase, share]) => `${phase} ${(100 * share).toFixed(1)} %`);
    this.#output.note(`Time: ${texts.join(", ")}`);
  }

  #status(pulse: boolean, shard: number): void {
    const output = this.#output;
    // Shards find the same bugs, and one bug shows in many ways: each cause counts once.
    const sum = { ...this.#tally.sum, crashes: this.#causes.size + this.#known.size };
    output.live(statusLine(sum));
    if (pulse && !output.isLive) output.note(statusLine(sum));
    if (this.#options.exact) {
      // The sum depends on how far each shard is; the counts of one shard do not.
      const one = this.#options.shards === 1 ? {} : { shard };
      if (pulse) output.event({ event: "status", ...this.#tally.of(shard), ...one } as never);
      return;
    }
    const now = this.#now();
    if (now - this.#told < STATUS_MS) return;
    this.#told = now;
    output.event({ event: "status", ...sum } as { event: string });
  }

  #crash(e: CrashEvent): boolean {
    if (this.#files.has(e.file)) return false;
    this.#files.add(e.file);
    this.titles.add(e.title);
    const { title, file, execs_to_find, ops, switches, cpus, report, page, command, cause } = e;
    const known = e.known ?? null;
    this.#output.event(
      {
        event: "crash",
        title,
        file,
        execs_to_find,
        ops,
        switches,
        cpus,
        report,
        page,
        command,
        known,
        cause,
      } as { event: string },
    );
    return known === null ? this.#newCrash(e) : this.#knownCrash(e, known);
  }

  #knownCrash({ execs_to_find, title }: CrashEvent, known: string): boolean {
    const { countKnown } = this.#options;
    if (countKnown && !this.#known.has(known)) this.#knownCounted++;
    this.#known.add(known);
    this.#output.line(`known: ${known}: ${title} (after ${count(execs_to_find, "execution")})`);
    return countKnown;
  }

  #newCrash(e: CrashEvent): boolean {
    const { brief, cause, cpus, execs_to_find, file, ops, switches, title } = e;
    const symptoms = this.#causes.get(cause) ?? [];
    this.#causes.set(cause, [...symptoms, e]);
    if (symptoms.length > 0 && !this.#options.verbose) {
      this.#output.line(
        `also: ${title} (after ${count(execs_to_find, "execution")}), from: ${cause}`,
      );
      return true;
    }
    this.#output.line(
      `\nCRASH  ${title}  (after ${count(execs_to_find, "execution")}; ` +
        `${sizes(cpus, ops, switches)})`,
    );
    if (this.#options.verbose) this.#output.line(readReport(e));
    else this.#output.line([...brief, `  ${file}`].join("\n"));
    return true;
  }
}

/** A crash is easier to read than another if it has fewer switches, CPUs and operations. */
function bySize(a: CrashEvent, b: CrashEvent): number {
  return a.switches - b.switches || a.cpus - b.cpus || a.ops - b.ops ||
    (a.title < b.title ? -1 : 1);
}

/** A cause in the list at the end: its smallest input, the command that replays it, its symptoms. */
function closing([cause, crashes]: [string, readonly CrashEvent[]]): string[] {
  const { command, cpus, ops, switches } = crashes.toSorted(bySize)[0];
  const titles = [...new Set(crashes.map(({ title }) => title))].filter((title) => title !== cause);
  return [
    `  ${cause}`,
    `    ${sizes(cpus, ops, switches)}: ${command}`,
    ...(titles.length === 0 ? [] : [`    shows as:`]),
    ...titles.sort().map((title) => `      ${title}`),
  ];
}

/** The text of the report; if it cannot be read, where the input is. */
function readReport({ report, file, command }: CrashEvent): string {
  try {
    return Deno.readTextFileSync(report).trimEnd();
  } catch {
    return `${file}\nReproduce with: ${command}`;
  }
}
