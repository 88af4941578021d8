/**
 * The story of a data race: two accesses that nothing orders.
 *
 * @module
 */
import { type Access, accessesOf } from "../report/accesses.ts";
import { doesWrite } from "../report/access_kind.ts";
import type { Finding, TracePoint } from "../report/types.ts";
import type { Story } from "./story_type.ts";
import { cellOf, Teller } from "./teller.ts";

/** `read to stock#0.cached of 4 bytes by task on cpu 1: see the call trace`, as KCSAN has it. */
const ACCESS = /^(.+) to (\S+) of \d+ bytes by (\S+) on cpu (\d+)/;

/** One of the two accesses, as the report names it. */
interface Named {
  readonly verb: string;
  readonly cell: string;
  readonly context: string;
  readonly cpu: number;
  /** The innermost function; null if the report does not say. */
  readonly fn: string | null;
}

function namedIn(detail: readonly string[]): Named[] {
  return detail.flatMap((line, i) => {
    const [, verb, cell, context, cpu] = ACCESS.exec(line) ?? [];
    if (verb === undefined) return [];
    const below = /^ (\w+)$/.exec(detail[i + 1] ?? "");
    return [{ verb, cell, context, cpu: Number(cpu), fn: below?.[1] ?? null }];
  });
}

/** The last access that fits; of several the one in the function that the report names. */
function find({ cell, context, cpu, fn, verb }: Named, accesses: readonly Access[]) {
  const isWrite = /write/.test(verb);
  const fitting = accesses.filter((a) =>
    a.cpu === cpu && a.context === context && cellOf(a) === cell &&
    (!isWrite || doesWrite(a.kind))
  );
  return fitting.findLast((a) => a.fn === fn) ?? fitting.at(-1);
}

/** The story of a data race; null if the finding is none, or the trace does not have its accesses. */
export function raceStory(finding: Finding, trace: readonly TracePoint[]): Story | null {
  if (finding.oracle !== "KCSAN") return null;
  const named = namedIn(finding.detail);
  if (named.length < 2) return null;
  const accesses = accessesOf(trace);
  const inside = finding.at.stack.at(-1) ?? null;
  const found = [{ ...named[0], fn: inside }, named[1]].map((n) => find(n, accesses));
  if (found.includes(undefined)) return null;
  const [first, second] = (found as Access[]).sort((a, b) => a.index - b.index);
  const teller = new Teller(trace);
  const write = doesWrite(first.kind) ? first : second;
  const other = write === first ? second : first;
  return {
    sentences: [
      `${teller.who(first)} ${teller.did(first)}.`,
      `${teller.who(second)} ${teller.did(second)}.`,
      "KCSAN found that nothing orders these two accesses: no lock that both hold, and no barrier.",
    ],
    arrows: [{ from: write.index, to: other.index, label: cellOf(write) }],
    keys: [first, second].map(({ index }) => ({ index, why: "race" })),
  };
}
