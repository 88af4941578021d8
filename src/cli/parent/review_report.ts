/**
 * What a review says: on one screen, as events, and as text for a mail.
 *
 * @module
 */
import type { CrashEvent, ProbeEvent } from "../protocol/jobs.ts";
import { PREEMPTS } from "../../prog/types.ts";
import type { Place } from "../../report/places.ts";
import type { Output } from "./output.ts";
import type { Asked, Cause } from "./review_causes.ts";
import { type Looked, lookedLines } from "./review_lines.ts";
import type { Reviewed, SidesShown, Under } from "./review_models.ts";
import { count, sizes } from "./tally.ts";

/** How far a review went. */
export interface Bounded {
  readonly seconds: number;
  readonly cpus: number;
  readonly seed: string;
  /** The bound that was asked for. */
  readonly asked: string;
}

/** A review that did not run. */
const NOTHING: Reviewed = {
  preempts: [],
  fresh: [],
  gone: [],
  both: [],
  looked: [],
  base: 0,
  patched: 0,
  hangs: [],
};

/** `s03: TITLE`. */
function headOf({ known, title }: Cause): string {
  return known === null ? title : `${known}: ${title}`;
}

/** `none, full and rt`. */
function listed(words: readonly string[]): string {
  const [last, ...before] = words.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`;
}

/** Where the conflict is. */
function placesLine(places: readonly Place[]): string[] {
  if (places.length === 0) return ["    No conflict of two threads makes it."];
  const [{ field, struct }] = places;
  return [`    Conflict: ${places.map(({ fn }) => fn).join(" and ")}, at ${struct}.${field}`];
}

/** How often the old conflict was possible. */
function throughText(recorded: number, through: number): string {
  if (recorded === 0) return "";
  const of = `of ${recorded} of them that were recorded`;
  return through === 0
    ? ` Both places of its conflict: not reached in any ${of}.`
    : ` Two threads came through both places of its conflict in ${through} ${of}.`;
}

/** What an input of a cause comes to where the cause is gone. */
function whyGone({ result, title, missing, searched, recorded, through }: ProbeEvent): string {
  const others = searched === 0
    ? ""
    : ` ${count(searched, "other schedule")} of its program do not show it.${
      throughText(recorded, through)
    }`;
  const isNothing = others === "" || (recorded > 0 && through === 0);
  switch (result) {
    case "clean":
      return `Its schedule was followed to the end, and shows nothing.${others}`;
    case "other":
      return `Its schedule shows another bug: ${title}.`;
    case "unreached":
      return `Not reached: ${missing}.${others}${isNothing ? " Nothing follows from that." : ""}`;
    case "bug":
      return `${
        count(searched, "other schedule")
      } came to its title, which another cause has, too.`;
    default:
      return `It cannot run: ${missing}.`;
  }
}

function lineObject({ file, line, text, gone, ...counts }: Looked): object {
  const { executions, byTwo, interrupted, failing, offlining } = counts;
  return { file, line, text, gone, executions, by_two: byTwo, interrupted, failing, offlining };
}

/** Whether the other side was asked in vain. */
function isAnswered({ answers }: Asked): boolean {
  return answers.length > 0;
}

/** The full report of a finding, or where it is. */
function reportText({ report, file, command }: CrashEvent): string {
  try {
    return Deno.readTextFileSync(report).trimEnd();
  } catch {
    return `${file}\nReproduce with: ${command}`;
  }
}

export class ReviewReport {
  #reviewed: Reviewed = NOTHING;
  #bound: Bounded | null = null;

  constructor(
    readonly output: Output,
    readonly fixes: readonly string[],
    readonly sides: SidesShown,
    readonly tree: string | null,
  ) {}

  #head(): string {
    const { kernel } = this.sides;
    const on = this.tree === null ? kernel : `${this.tree} (${kernel})`;
    return `Review of ${this.fixes.join(", ")} on ${on}`;
  }

  /** There is nothing to review. */
  unchanged(): void {
    this.output.event(this.#event([], 0));
    this.output.line(`${this.#head()}: nothing changed; what runs is the same`);
  }

  begin(): void {
    this.output.note(`${this.#head()}: it changes ${this.sides.changed.join(", ")}`);
    for (const what of this.sides.notLookedAt) this.output.note(`Not looked at: ${what}`);
  }

  #event(causes: readonly object[], seconds: number): { event: string } {
    const { changed, kernel, notLookedAt } = this.sides;
    const { base, looked, patched, preempts } = this.#reviewed;
    return {
      event: "review",
      fixes: this.fixes,
      kernel,
      changed,
      not_looked_at: notLookedAt,
      causes,
      lines: looked.map(lineObject),
      execs: { base, patched },
      preempts,
      seconds: Math.round(seconds * 10) / 10,
    } as { event: string };
  }

  /** Print everything. */
  tell(reviewed: Reviewed, bound: Bounded): void {
    this.#reviewed = reviewed;
    this.#bound = bound;
    this.output.event(this.#event(this.#causeObjects(), bound.seconds));
    for (const line of this.lines(false)) this.output.line(line);
  }

  #causeObjects(): object[] {
    const { fresh, gone, both } = this.#reviewed;
    const of = (state: string, causes: readonly (Under<Cause> | Under<Asked>)[]) =>
      causes.map((cause) => {
        const { file, report, command } = cause.crashes[0];
        const titles = [...new Set(cause.crashes.map((c) => c.title))];
        const answers = "answers" in cause
          ? cause.answers.map(({ result, title, missing, searched, recorded, through }) => ({
            result,
            title,
            missing,
            searched,
            recorded,
            through,
          }))
          : [];
        const { known, preempts, title } = cause;
        const head = { state, title, known, preempts, titles };
        return { ...head, file, report, command, elsewhere: answers };
      });
    return [...of("new", fresh), ...of("gone", gone), ...of("both", both)];
  }

  /** The text; with `whole`, whole reports. */
  lines(whole: boolean): string[] {
    const { fresh, gone, both, hangs, looked } = this.#reviewed;
    return [
      this.#head(),
      `It changes ${this.sides.changed.join(", ")}`,
      "",
      `NEW: ${fresh.length === 0 ? "nothing" : count(fresh.length, "cause")}`,
      ...fresh.flatMap((cause) => this.#freshLines(cause, whole)),
      ...hangs.map(({ title, file }) => `HANG: ${title}${file === null ? "" : `  ${file}`}`),
      `GONE: ${gone.length === 0 ? "nothing" : count(gone.length, "cause")}`,
      ...gone.flatMap((cause) => this.#goneLines(cause)),
      `BOTH: ${both.length === 0 ? "nothing" : count(both.length, "cause")}`,
      ...both.map((cause) => `  ${headOf(cause)}${this.#under(cause)}`),
      ...lookedLines(looked, whole),
      ...this.#leftOutLines(),
    ];
  }

  /** The models that show a cause, if not all do. */
  #under({ preempts }: Under<Cause>): string {
    const isAll = preempts.length === this.#reviewed.preempts.length;
    return isAll ? "" : `  [preempt ${listed(preempts)}]`;
  }

  #freshLines(cause: Under<Asked>, whole: boolean): string[] {
    const [crash] = cause.crashes;
    const titles = new Set(cause.crashes.map(({ title }) => title));
    titles.delete(cause.title);
    return [
      `  ${headOf(cause)}  (${sizes(crash.cpus, crash.ops, crash.switches)})${this.#under(cause)}`,
      ...whole ? ["", reportText(crash), ""] : crash.brief.map((line) => `  ${line}`),
      ...[...titles].map((title) => `    shows as: ${title}`),
      ...isAnswered(cause) ? [] : ["    The kernel without it was not asked."],
      `    ${crash.command}`,
    ];
  }

  #goneLines(cause: Under<Asked>): string[] {
    const why = cause.answers.map(whyGone);
    const places = cause.crashes.find((c) => c.places.length > 0)?.places ?? [];
    return [
      `  ${headOf(cause)}${this.#under(cause)}`,
      ...placesLine(places),
      ...[...new Set(why)].slice(0, 3).map((line) => `    ${line}`),
      ...isAnswered(cause) ? [] : ["    Nobody looked for it in the other kernel."],
      `    ${cause.crashes[0].file}`,
    ];
  }

  #leftOutLines(): string[] {
    const { asked, cpus, seconds, seed } = this.#bound!;
    const { base, patched, preempts } = this.#reviewed;
    const { leftOut, notLookedAt } = this.sides;
    const others = PREEMPTS.filter((p) => !preempts.includes(p));
    const missing = [
      ...others.length === 0 ? [] : [`preempt ${listed(others)}`],
      ...leftOut === 0 ? [] : [`${count(leftOut, "call")} of the tree`],
    ];
    return [
      "",
      ...notLookedAt.map((what) => `Not looked at: ${what}`),
      `Bound: ${Math.round(seconds)} s (--for ${asked}), ` +
      `${count(patched, "execution")} with it and ${base} without, ` +
      `${count(cpus, "CPU")}, preempt ${listed(preempts)}, seed ${seed}.` +
      `${missing.length === 0 ? "" : ` Left out: ${missing.join(", ")}.`}`,
    ];
  }

  /** The text for a mail. */
  mail(): string {
    return `${this.lines(true).join("\n")}\n`;
  }
}
