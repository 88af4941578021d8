/**
 * Confirms, minimises, saves and reports a finding.
 *
 * @module
 */
import { Divergence, type Executor } from "../../machine/executor.ts";
import { load, record, runOps, withRecordedSchedule } from "../inputs/input.ts";
import { CAUSE_EXECUTIONS, firstBroken } from "./cause.ts";
import { type KnownBugs, printOf } from "./known.ts";
import { minimize } from "./minimize.ts";
import type { LeftOutCall } from "../../report/types.ts";
import { briefOf, conflictOf, recordForReport, type ReportFacts, reportOf } from "./report.ts";
import type { Place } from "../../report/places.ts";
import { brokenPath, crashPath, type Files, pagePath, reportPath } from "./store.ts";
import { kcsanHeader } from "../../prog/kcsan.ts";
import { unpackNumeric, unpackProgram } from "../../prog/pack.ts";
import { printProgram } from "../../prog/print.ts";
import type { KcsanMode, Program, Surroundings, TargetSpec } from "../../prog/types.ts";

/** Number of executions that must all show the same title and the same trace. */
const CONFIRMATIONS = 3;
/** Maximum of executions to minimise one finding. */
const MINIMIZE_BUDGET = 20_000;

/** A finding whose input and report are saved. */
export interface Saved {
  readonly title: string;
  readonly file: string;
  readonly report: string;
  /**
   * The page of the finding, which {@linkcode FollowUp.writePages} writes later; null if none is
   * made.
   */
  readonly page: string | null;
  /** The finding in few lines. */
  readonly brief: readonly string[];
  /** The places of its conflict. */
  readonly places: readonly Place[];
  /** Number of executions of the campaign before the finding. */
  readonly execs: number;
  /** Sizes of the minimised input. */
  readonly ops: number;
  readonly switches: number;
  readonly cpus: number;
  /** Whether the step limit ended the execution. */
  readonly isLockup: boolean;
  /** The input of the corpus that shows the same bug; null if the bug is new. */
  readonly known: string | null;
  /** The title of the law that was broken first, or that of the finding: what it follows from. */
  readonly cause: string;
}

/** Results of a follow-up. */
export type FollowUpNews =
  | { readonly event: "saved"; readonly saved: Saved }
  /** No bug of the kernel: a mistake of a patch or a target, or one of this tool. */
  | {
    readonly event: "broken";
    readonly fault: "mistake" | "exception";
    readonly file: string;
    readonly text: string;
  }
  /** In another execution, the input in `file` shows another title, or none. */
  | {
    readonly event: "diverged";
    readonly file: string;
    readonly title: string;
    readonly again: string | null;
  };

/** What a follow-up knows about the campaign, and the functions that it calls. */
export interface FollowUpOptions {
  readonly executor: Executor;
  readonly spec: TargetSpec;
  readonly kernel: string;
  /** The KCSAN mode. */
  readonly kcsan: KcsanMode | "off";
  /** The lines that the file of a finding needs, to run on the same. */
  readonly surroundings: Surroundings;
  readonly files: Files;
  /** Folder for the files of findings. */
  readonly dir: string;
  /** Comment for the file of a finding: where it comes from. */
  readonly origin: (execs: number) => string;
  /** The complete command line that replays a file. */
  readonly command: (file: string) => string;
  /** Makes the page of a finding, of the program that the executor holds; null: no pages. */
  readonly page: ((p: Program, facts: ReportFacts) => string) | null;
  /** What the translation of a tree leaves out. */
  readonly leftOut?: readonly LeftOutCall[];
  readonly tell: (news: FollowUpNews) => void;
  /** What is known. */
  readonly known: KnownBugs;
  /** Whether to stop minimising. */
  readonly stop: () => boolean;
}

export class FollowUp {
  /** Titles that are confirmed and saved. */
  readonly titles: string[] = [];
  /** Whether the campaign must end, because its results cannot be trusted. */
  isOver = false;
  #used = 0;
  /** Titles of known bugs. */
  readonly #known = new Set<string>();
  /** Fingerprints of what was saved, by title. */
  readonly #prints = new Map<string, Set<string>>();
  /** Findings whose pages are not written yet. */
  readonly #pages: { readonly p: Program; readonly facts: ReportFacts }[] = [];

  constructor(readonly options: FollowUpOptions) {}

  /**
   * Follow up the finding of the input that the executor holds; that input may come from a file.
   * Returns the number of executions that it used.
   */
  finding(title: string, execs: number, fromFile?: Program): number {
    const { executor, spec } = this.options;
    this.#used = 0;
    const { fault, text } = executor.outcome().found!;
    const words = unpackProgram(executor.program, spec);
    const p: Program = {
      ...words,
      title,
      target: spec.name,
      schedule: fromFile?.schedule ?? unpackNumeric(executor.schedule, words.cpus),
    };
    if (fault === "kernel") this.#bug(title, p, execs);
    // An input that needs more than the machine has is no finding.
    else if (fault !== "capacity") this.#broken(p, fault, text, execs);
    return this.#used;
  }

  /** Number of pages that are not written yet. */
  get pagesLeft(): number {
    return this.#pages.length;
  }

  /** Write the pages of what was saved. Each input is executed again; the executor holds the last one. */
  writePages(): void {
    const { executor, files, page, spec } = this.options;
    for (const { p, facts } of this.#pages.splice(0)) {
      load(executor, p, spec);
      files.write(pagePath(facts.files[0]), page!(p, facts));
    }
  }

  /** Whether a bug with this title is known, so that another one may hide behind it. */
  isKnown(title: string): boolean {
    return this.#known.has(title);
  }

  /** Save the input that the executor holds, because this tool threw `error` outside of it. */
  broken(error: Error, execs: number): void {
    const { executor, spec } = this.options;
    const program = unpackProgram(executor.program, spec);
    // What threw anything else may have been making the schedule.
    const schedule = error instanceof Divergence
      ? unpackNumeric(executor.schedule, program.cpus)
      : null;
    const p: Program = { ...program, title: "exception", target: spec.name, schedule };
    this.#broken(p, "exception", error.stack ?? String(error), execs);
  }

  #record(p: Program): string | null {
    this.#used++;
    return record(this.options.executor, p, this.options.spec);
  }

  /** Save an input that shows no bug of the kernel. */
  #broken(p: Program, fault: "mistake" | "exception", text: string, execs: number): void {
    const { dir, files, tell } = this.options;
    const file = brokenPath(dir, "exception", execs);
    files.write(file, this.#text(p, p.title, execs));
    this.isOver = true;
    tell({ event: "broken", fault, file, text });
  }

  #diverged(p: Program, title: string, again: string | null, execs: number): void {
    const { dir, files, tell } = this.options;
    const file = brokenPath(dir, "diverged", execs);
    files.write(file, this.#text(p, title, execs));
    this.isOver = true;
    tell({ event: "diverged", file, title, again });
  }

  /** Whether every execution shows the title, all with the same trace. */
  #confirm(p: Program, title: string): boolean {
    const hashes = new Set<string>();
    for (let i = 0; i < CONFIRMATIONS; i++) {
      if (this.#record(p) !== title) return false;
      hashes.add(this.options.executor.outcome().traceHash);
    }
    return hashes.size === 1;
  }

  #bug(title: string, numeric: Program, execs: number): void {
    const { executor, known: knownBugs, spec } = this.options;
    // Most looks at a title that was dealt with end here: 61 of 71 in a campaign of 60,000 executions.
    if (this.#prints.get(title)?.has(this.#print(numeric, title))) return;
    // Only a minimised input can be compared with what is known.
    const stop = knownBugs.mayName(title) ? () => false : this.options.stop;
    const again = this.#record(numeric);
    if (again !== title) return this.#diverged(numeric, title, again, execs);
    const symbolic = withRecordedSchedule(executor, numeric);
    let best = numeric;
    if (this.#confirm(symbolic, title)) {
      // What is saved at once survives a kill. Of a title that has a file already, only a new bug is saved.
      if (!this.#prints.has(title)) this.#save(symbolic, title, execs);
      const m = minimize(executor, symbolic, title, spec, { budget: MINIMIZE_BUDGET, stop });
      this.#used += m.execs;
      best = this.#confirm(m.program, title) ? m.program : symbolic;
    }
    const isFirst = !this.#prints.has(title);
    const print = this.#print(best, title);
    const known = this.#label(title, print);
    if (this.#isSeen(title, print) || (known !== null && !isFirst)) return;
    this.#report(best, title, execs, known, isFirst ? "" : print);
  }

  /** The fingerprint of a finding; "" if its recording with boot and teardown shows another one. */
  #print(p: Program, title: string): string {
    const { executor, spec } = this.options;
    this.#used++;
    return printOf(executor, p, title, spec) ?? "";
  }

  /** The known bug that a finding shows, or null. */
  #label(title: string, print: string): string | null {
    const { known } = this.options;
    const before = known.execs;
    const name = print === "" ? null : known.name(title, print);
    this.#used += known.execs - before;
    if (name !== null) this.#known.add(title);
    return name;
  }

  /** Whether a finding with this title and fingerprint was dealt with before; from now on it was. */
  #isSeen(title: string, print: string): boolean {
    const prints = this.#prints.get(title) ?? new Set();
    this.#prints.set(title, prints);
    if (prints.has(print)) return true;
    prints.add(print);
    return false;
  }

  /** Write the file of a finding; returns its path. */
  #save(p: Program, title: string, execs: number, print = ""): string {
    const { dir, files } = this.options;
    const path = crashPath(dir, title, print);
    files.write(path, this.#text(p, title, execs));
    return path;
  }

  /** The text of a file: the input, and everything that it takes to run it as here. */
  #text(p: Program, title: string, execs: number): string {
    const { kcsan, kernel, origin, surroundings } = this.options;
    return printProgram({
      ...p,
      ...surroundings,
      kcsan: kcsanHeader(title, kcsan),
      comments: [origin(execs)],
      expects: [{ kernel, title }],
    });
  }

  #report(
    p: Program,
    title: string,
    execs: number,
    known: string | null,
    print: string,
  ): void {
    const { command, executor, files, kernel, leftOut, spec, tell } = this.options;
    const { recording } = executor;
    const file = this.#save(p, title, execs, print);
    this.#used += CAUSE_EXECUTIONS;
    const first = firstBroken(executor, p, spec);
    this.#record(p);
    const switches = recording.contextSwitches();
    recordForReport(executor, p);
    const report = reportPath(file);
    const facts = { kernel, files: [file, report], command: command(file), first, leftOut };
    files.write(report, reportOf(recording, p, facts));
    if (!this.titles.includes(title)) this.titles.push(title);
    const brief = briefOf(recording, p, first);
    const { isLockup } = executor.outcome().found!;
    // A lockup has so many points that its page would take longer than all the rest.
    const hasPage = this.options.page !== null && !isLockup;
    if (hasPage) this.#pages.push({ p, facts });
    tell({
      event: "saved",
      saved: {
        title,
        file,
        report,
        page: hasPage ? pagePath(file) : null,
        brief,
        places: conflictOf(recording),
        execs,
        ops: runOps(p),
        switches,
        cpus: p.cpus,
        isLockup,
        known,
        cause: first?.title ?? title,
      },
    });
  }
}
