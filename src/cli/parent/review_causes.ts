/**
 * The causes that a review compares.
 *
 * Two campaigns with one seed part as soon as their kernels do, so what one of them did not come to
 * says nothing yet. What decides is each cause's own input on the other kernel, and a search around
 * it where its schedule does not fit there.
 *
 * @module
 */
import type { CrashEvent, ProbeEvent } from "../protocol/jobs.ts";

/** What findings of one side follow from. */
export interface Cause {
  /** The same for one cause on both sides. */
  readonly key: string;
  /** The bug that the corpus knows, such as `s03`, or null. */
  readonly known: string | null;
  /** The title of what is broken first. */
  readonly title: string;
  /** Its findings, the easiest to read first. */
  readonly crashes: readonly CrashEvent[];
}

/** A cause, and what its inputs show on the other side. */
export interface Asked extends Cause {
  readonly answers: readonly ProbeEvent[];
}

/** The result of a comparison. */
export interface Compared {
  readonly fresh: readonly Asked[];
  readonly gone: readonly Asked[];
  readonly both: readonly Cause[];
}

/** `s03` of `s03-flush-required-null`: several files may show one bug. */
function bugOf(known: string): string {
  return /^[a-z]+\d+[a-z]?(?=-)/.exec(known)?.[0] ?? known;
}

/** A crash is easier to read than another if it has fewer switches, CPUs and operations. */
function bySize(a: CrashEvent, b: CrashEvent): number {
  return a.switches - b.switches || a.cpus - b.cpus || a.ops - b.ops ||
    (a.title < b.title ? -1 : 1);
}

/** The causes of the findings of one side, by key. */
export function causesOf(crashes: readonly CrashEvent[]): Map<string, Cause> {
  const causes = new Map<string, Cause>();
  for (const crash of crashes.toSorted(bySize)) {
    const known = crash.known === null ? null : bugOf(crash.known);
    const key = known === null ? `cause ${crash.cause}` : `bug ${known}`;
    const others = causes.get(key)?.crashes ?? [];
    const title = known === null ? crash.cause : others[0]?.title ?? crash.title;
    causes.set(key, { key, known, title, crashes: [...others, crash] });
  }
  return causes;
}

/**
 * The causes whose inputs the other side must be asked about. What the corpus knows by name is the same
 * on both; what only has a title may be another bug with that title.
 */
export function toAsk(of: ReadonlyMap<string, Cause>, other: ReadonlyMap<string, Cause>): Cause[] {
  return [...of.values()].filter(({ key, known }) => known === null || !other.has(key));
}

/**
 * Whether the other side shows a cause. A title that only a search came to, and that the other side has
 * for another cause, says nothing.
 */
function isShown(
  { key }: Cause,
  answers: readonly ProbeEvent[],
  other: ReadonlyMap<string, Cause>,
): boolean {
  const elsewhere = (title: string | null) =>
    [...other.values()].some((c) => c.key !== key && c.crashes.some((e) => e.title === title));
  return answers.some((a) => a.result === "bug" && (a.searched === 0 || !elsewhere(a.title)));
}

/** Compare the causes of both sides; `answers` has what the files of each show on the other. */
export function compare(
  base: ReadonlyMap<string, Cause>,
  patched: ReadonlyMap<string, Cause>,
  answers: ReadonlyMap<string, ProbeEvent>,
): Compared {
  const both = new Map<string, Cause>();
  const oneSided = (of: ReadonlyMap<string, Cause>, other: ReadonlyMap<string, Cause>) => {
    const asked: Asked[] = [];
    for (const cause of of.values()) {
      const found = cause.crashes.flatMap(({ file }) => answers.get(file) ?? []);
      const isSame = cause.known !== null && other.has(cause.key);
      if (isSame || isShown(cause, found, other)) both.set(cause.key, cause);
      else asked.push({ ...cause, answers: found });
    }
    return asked;
  };
  const fresh = oneSided(patched, base);
  const gone = oneSided(base, patched);
  return { fresh, gone, both: [...both.values()] };
}
