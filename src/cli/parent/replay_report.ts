/**
 * The output of `replay`, in the order of the files, although several shards report at once.
 *
 * @module
 */
import type { HangEvent, ReplayEvent } from "../protocol/jobs.ts";
import type { Output } from "./output.ts";
import { count } from "./tally.ts";

interface Place {
  readonly file: string;
  readonly kernel: string;
}

const key = ({ file, kernel }: Place) => `${kernel}\n${file}`;
const VERDICT_WIDTH = 9;

/** Prints the result of each file on each kernel. */
export class ReplayReport {
  readonly counts = { diverged: 0, unmet: 0, unjudged: 0 };
  readonly #output: Output;
  readonly #order: readonly Place[];
  /** Whether to print the reports also of what was expected. */
  readonly #texts: boolean;
  readonly #arrived = new Map<string, ReplayEvent>();
  readonly #fileWidth: number;
  readonly #kernelWidth: number;
  #next = 0;
  #hangs = 0;
  #told = 0;

  constructor(output: Output, order: readonly Place[], { texts }: { texts: boolean }) {
    this.#output = output;
    this.#order = order;
    this.#texts = texts;
    this.#fileWidth = Math.max(0, ...order.map(({ file }) => file.length));
    this.#kernelWidth = Math.max(0, ...order.map(({ kernel }) => kernel.length));
  }

  /** Number of replays that no shard reported. */
  get missing(): number {
    return this.#order.length - this.#told;
  }

  /** Take one result, and print all results that are due. */
  add(e: ReplayEvent): void {
    this.#arrived.set(key(e), e);
    while (this.#next < this.#order.length) {
      const due = this.#arrived.get(key(this.#order[this.#next]));
      if (due === undefined) return;
      this.#next++;
      this.#tell(due);
    }
  }

  /** Print a hang. */
  hang({ title, file }: HangEvent): void {
    this.#hangs++;
    this.#output.event({ event: "hang", title, file } as { event: string });
    this.#output.line(`HANG     ${file ?? ""}  ${title}`);
  }

  /** Print the results behind a missing one, then the sum. */
  finish(): void {
    for (; this.#next < this.#order.length; this.#next++) {
      const e = this.#arrived.get(key(this.#order[this.#next]));
      if (e !== undefined) this.#tell(e);
    }
    const { diverged, unjudged, unmet } = this.counts;
    const without = unjudged === 0 ? "" : `, ${unjudged} without an expectation`;
    this.#output.note(
      `Replayed ${this.#told} of ${this.#order.length}: ` +
        `${unmet} unmet, ${diverged} diverged${without}` +
        (this.#hangs > 0 ? `, ${count(this.#hangs, "hang")}` : ""),
    );
  }

  #tell(e: ReplayEvent): void {
    this.#told++;
    const hasDiverged = e.hashes > 1;
    if (hasDiverged) this.counts.diverged++;
    if (e.unjudged) this.counts.unjudged++;
    else if (!e.ok) this.counts.unmet++;
    const { event, file, kernel, title, expected, ok, trace_hash, runs, hashes, unreached } = e;
    const { returns } = e;
    this.#output.event(
      {
        event,
        file,
        kernel,
        title,
        expected,
        ok,
        trace_hash,
        runs,
        hashes,
        unreached,
        returns,
      } as { event: string },
    );
    const isExpected = e.ok && !hasDiverged;
    if (this.#output.quiet && isExpected) return;
    this.#output.line(this.#line(e));
    for (const line of [...returns, ...unreached.map((step) => `never reached: ${step}`)]) {
      this.#output.line(" ".repeat(VERDICT_WIDTH) + line);
    }
    if (e.text !== undefined && (this.#texts || !isExpected)) {
      this.#output.line(e.text.trimEnd() + "\n");
    }
  }

  #line(e: ReplayEvent): string {
    const file = e.file.padEnd(this.#fileWidth);
    return `${verdict(e).padEnd(VERDICT_WIDTH)}${file}  ${e.kernel.padEnd(this.#kernelWidth)}  ` +
      outcome(e);
  }
}

function verdict(e: ReplayEvent): string {
  if (e.hashes > 1) return "DIVERGED";
  if (e.unjudged) return "UNJUDGED";
  if (!e.ok) return "NOT MET";
  return "ok";
}

function outcome(e: ReplayEvent): string {
  const title = e.title ?? "none";
  const wanted = e.unjudged
    ? `, and the file expects nothing of ${e.kernel}`
    : e.ok || e.expected === null || e.expected === title
    ? ""
    : `, expected: ${e.expected}`;
  const traces = e.runs > 1
    ? ` (${e.runs} runs, ${e.hashes} ${e.hashes === 1 ? "trace" : "different traces"})`
    : "";
  return title + wanted + traces;
}
