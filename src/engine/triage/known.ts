/**
 * Which findings are of bugs that are known: the corpus has an input that shows the same title, and what
 * makes the finding is the same ({@linkcode fingerprint}).
 *
 * What is known of a title is worked out when the title is first found, so a campaign begins as fast
 * as without. An input of the corpus is not minimised, or it might slip to another bug with its title. If
 * it shows nothing on this kernel, nothing is known here.
 *
 * @module
 */
import type { Executor } from "../../machine/executor.ts";
import { record } from "../inputs/input.ts";
import type { Program, TargetSpec } from "../../prog/types.ts";
import { fingerprint } from "../../report/fingerprint.ts";

/** An input of a known bug. */
export interface KnownInput {
  /** The name of its file, without the folder and the ending. */
  readonly name: string;
  readonly program: Program;
}

/** The fingerprint of an input's finding as one text; null if it does not show the title. */
export function printOf(
  executor: Executor,
  p: Program,
  title: string,
  spec: TargetSpec,
): string | null {
  if (record(executor, p, spec, true) !== title) return null;
  const { recording } = executor;
  return fingerprint({ finding: recording.finding(), trace: recording.points() }).join("\n");
}

export interface KnownBugsOptions {
  readonly executor: Executor;
  readonly spec: TargetSpec;
  /** The inputs of the corpus that may show a title. */
  readonly inputs: (title: string) => readonly KnownInput[];
}

export class KnownBugs {
  /** Executions so far. */
  execs = 0;
  /** By title: fingerprints, and the input that has each. */
  readonly #prints = new Map<string, ReadonlyMap<string, string>>();

  constructor(readonly options: KnownBugsOptions) {}

  /** Whether the corpus has an input that may show a title. */
  mayName(title: string): boolean {
    return this.options.inputs(title).length > 0;
  }

  /** The name of the known bug that has this title and this fingerprint, or null. */
  name(title: string, print: string): string | null {
    let prints = this.#prints.get(title);
    if (prints === undefined) {
      prints = this.#learn(title);
      this.#prints.set(title, prints);
    }
    return prints.get(print) ?? null;
  }

  #learn(title: string): Map<string, string> {
    const { executor, spec } = this.options;
    const prints = new Map<string, string>();
    // An input of another bug may come to this one on a kernel that has both.
    const inputs = this.options.inputs(title).toSorted((a, b) => titlesOf(a) - titlesOf(b));
    for (const { name, program } of inputs) {
      this.execs++;
      const print = printOf(executor, { ...program, title }, title, spec);
      if (print !== null && !prints.has(print)) prints.set(print, name);
    }
    return prints;
  }
}

/** Number of titles that an input shows on one kernel or another. */
function titlesOf({ program }: KnownInput): number {
  return new Set(program.expects.flatMap(({ title }) => title ?? [])).size;
}
