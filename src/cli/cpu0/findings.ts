/**
 * The events of a shard about its findings, and the exit code that follows from them.
 *
 * @module
 */
import type { JobContext } from "./job_context.ts";
import { leftOutIn } from "./origins.ts";
import { pageOf } from "./page.ts";
import { replayCommand } from "./replay_command.ts";
import { knownInputs } from "./known_inputs.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { tolerantFiles } from "../files/tolerant_files.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { Board } from "../protocol/board.ts";
import type { FuzzJob } from "../protocol/jobs.ts";
import { FollowUp, type FollowUpNews, type Saved } from "../../engine/triage/follow_up.ts";
import { KnownBugs } from "../../engine/triage/known.ts";
import type { Files } from "../../engine/triage/store.ts";
import type { Program } from "../../prog/types.ts";

/** What is said of an exception of this tool. */
export const OURS = "This tool has a bug; it is none of the kernel's. It threw an exception";
const inputIn = (file: string) => `The input is in ${file}`;

/**
 * Executions after the last finding until pages are written, and the most pages that wait. The first
 * findings of a campaign come one upon the other, and what a page needs takes as long as to find one.
 */
const PAGES_AFTER = 8192;
const PAGES_MAX = 16;

/** The same files; while one is written, the board says so. */
export function watchedFiles(board: Board, files: Files): Files {
  return {
    ...files,
    write: (path, text, lasting) => board.writing(() => files.write(path, text, lasting)),
  };
}

/** Follows up findings, and reports the results. */
export class Findings {
  /** Exit code of the shard so far. */
  code: ExitCode = EXIT.ok;
  /** Findings that count: those of new bugs, or all. */
  counted = 0;
  readonly #follow: FollowUp;
  /** Executions before the last finding that was saved. */
  #savedAt = 0;

  constructor(
    readonly job: FuzzJob,
    readonly context: JobContext,
    stop: () => boolean,
  ) {
    this.#follow = new FollowUp({
      executor: context.executor,
      spec: context.spec,
      kernel: job.kernel,
      kcsan: job.kcsan,
      files: watchedFiles(
        context.board,
        tolerantFiles(atomicFiles, (path, reason, text) => {
          context.say({ event: "unwritten", path, reason, text });
        }),
      ),
      dir: job.artifactsDir,
      origin: (execs) =>
        `Found by fuzzing ${job.kernel} with --seed ${job.seed}, after ${execs} executions.`,
      surroundings: job.surroundings,
      command: replayCommand,
      known: new KnownBugs({
        executor: context.executor,
        spec: context.spec,
        inputs: knownInputs(job, context.spec),
      }),
      page: (p, facts) =>
        context.board.writing(() =>
          pageOf(context.executor, p, { ...facts, urls: [...job.patches, job.targetUrl] })
        ),
      leftOut: leftOutIn(job.patches),
      tell: (news) => this.#tell(news),
      stop,
    });
  }

  /** Titles that are confirmed and saved. */
  get titles(): readonly string[] {
    return this.#follow.titles;
  }

  /** Whether a bug with this title is known. */
  isKnown(title: string): boolean {
    return this.#follow.isKnown(title);
  }

  /** Whether the campaign must end. */
  get isOver(): boolean {
    return this.#follow.isOver;
  }

  /**
   * Follow up the finding of the input that the executor holds; returns the number of executions
   * used.
   */
  add(title: string, execs: number, fromFile?: Program): number {
    this.context.board.setMinimizing(true);
    const used = this.#follow.finding(title, execs, fromFile);
    this.context.board.setMinimizing(false);
    return used;
  }

  /** Whether pages wait, and the time has come to write them. */
  arePagesDue(execs: number): boolean {
    const { pagesLeft } = this.#follow;
    return pagesLeft >= PAGES_MAX || (pagesLeft > 0 && execs >= this.#savedAt + PAGES_AFTER);
  }

  /** Write the pages that wait. The executor then holds another input. */
  writePages(): void {
    this.#follow.writePages();
  }

  /** This tool threw an exception while it was not running an input. */
  broken(error: Error, execs: number): void {
    this.#follow.broken(error, execs);
  }

  #tell(news: FollowUpNews): void {
    switch (news.event) {
      case "saved":
        this.#saved(news.saved);
        break;
      case "broken": {
        const { fault, file, text } = news;
        if (fault === "mistake") this.#fail(`${text}\n${inputIn(file)}`, EXIT.usage);
        else this.#fail(`${OURS}\n${inputIn(file)}\n${text}`, EXIT.internal);
        break;
      }
      case "diverged": {
        const { again, file, title } = news;
        this.#fail(
          `Cannot reproduce "${title}" from its own input, which is in ${file}: ` +
            `it shows ${again === null ? "nothing" : `"${again}"`}`,
          EXIT.internal,
        );
      }
    }
  }

  #fail(message: string, code: ExitCode): void {
    this.code = code;
    this.context.say({ event: "error", message, code });
  }

  #saved(saved: Saved): void {
    const { title, file, report, page, brief, execs, ops, switches, cpus, isLockup } = saved;
    const { known, cause, places } = saved;
    this.#savedAt = execs;
    const counts = known === null || this.job.countKnown;
    if (counts) this.counted++;
    if (counts && this.code === EXIT.ok) this.code = EXIT.bug;
    if (counts && isLockup) {
      this.code = EXIT.hang;
      this.context.say({ event: "hang", file, title });
    }
    this.context.say({
      event: "crash",
      title,
      file,
      report,
      page,
      brief,
      places,
      execs_to_find: execs,
      ops,
      switches,
      cpus,
      command: replayCommand(file),
      known,
      cause,
    });
  }
}
