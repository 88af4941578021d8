/**
 * What happened, in sentences, and the arrows from the writes to what came upon them.
 *
 * @module
 */
import { accessesOf } from "../report/accesses.ts";
import { doesWrite } from "../report/access_kind.ts";
import { conflictsOf, isSameCell } from "../report/conflicts.ts";
import { isJudged } from "../report/judged.ts";
import { making, type MakingAccess } from "../report/making.ts";
import type { Finding, TracePoint } from "../report/types.ts";
import type { Arrow } from "./data.ts";
import { lockStory } from "./story_locks.ts";
import { raceStory } from "./story_race.ts";
import type { Story } from "./story_type.ts";
import { cellOf, type Place, Teller } from "./teller.ts";

/** Sentences about conflicts, and arrows of writes that a law adds up. */
const CONFLICTS = 3;
const VALUES = 3;

/** A finding, and the points that the schedule decided about. */
export interface Told {
  readonly finding: Finding | null;
  readonly trace: readonly TracePoint[];
}

/** The conflicts that the making of a finding consists of, each with its write and what follows. */
function conflictsIn(trace: readonly TracePoint[], made: readonly MakingAccess[]) {
  const taken = new Set(made.map(({ index }) => index));
  return conflictsOf(trace, accessesOf(trace)).map(({ group }) => group)
    .filter((group) => group.length === 3 && group.every(({ index }) => taken.has(index)));
}

/** The last write of another thread to the cell of the access at which the finding was made. */
function cause(at: MakingAccess, made: readonly MakingAccess[]): MakingAccess | undefined {
  const isOther = (a: MakingAccess) =>
    a.cpu !== at.cpu || a.context !== at.context || a.op !== at.op;
  return made.findLast((a) =>
    a.index < at.index && isOther(a) && doesWrite(a.kind) &&
    isSameCell({ ...a, thread: "" }, { ...at, thread: "" })
  );
}

/** The last sentence: who found it, and what. */
function verdict(finding: Finding, at: MakingAccess | undefined, teller: Teller): string {
  const detail = finding.detail.find((line) => line.trim() !== "")?.trim().replace(/\.$/, "");
  const found = detail === undefined ? finding.title : detail;
  if (isJudged(finding)) return `${finding.oracle} judged the state afterwards: ${found}.`;
  const place = at === undefined ? `CPU${finding.at.cpu}` : `${teller.who(at)}${teller.fn(at)}`;
  return `${finding.oracle} found it at ${place}: ${found}.`;
}

function arrow(a: Place, to: number, label: string): Arrow {
  return { from: a.index, to, label };
}

/** What happened. */
export function storyOf(told: Told): Story {
  const { finding } = told;
  if (finding !== null) {
    const own = raceStory(finding, told.trace) ?? lockStory(finding, told.trace);
    if (own !== null) return own;
  }
  return accessStory(told);
}

/** The story of a finding that accesses to memory make. */
function accessStory({ finding, trace }: Told): Story {
  const made = making({ finding, trace });
  const teller = new Teller(trace);
  const sentences: string[] = [];
  const arrows: Arrow[] = [];
  const groups = conflictsIn(trace, made);
  const told = groups.length <= CONFLICTS ? groups : [groups[0], ...groups.slice(1 - CONFLICTS)];
  for (const [a, b, c] of told) {
    sentences.push(
      `${teller.who(b)} ${teller.did(b)}, between ${teller.who(a)}'s ${teller.deed(a)} and its ` +
        `${teller.deed(c)}.`,
    );
    if (doesWrite(b.kind)) arrows.push(arrow(b, c.index, cellOf(b)));
  }
  const at = made.find(({ why }) => why === "finding");
  const before = at === undefined ? undefined : cause(at, made);
  if (at !== undefined && before !== undefined) {
    if (!told.some(([, b, c]) => b.index === before.index && c.index === at.index)) {
      const did = `${teller.did(at)}`;
      sentences.push(`${teller.who(before)} ${teller.did(before)}; then ${teller.who(at)} ${did}.`);
      arrows.push(arrow(before, at.index, cellOf(before)));
    }
  }
  if (finding !== null && at === undefined) {
    for (const a of made.filter(({ why }) => why === "value").slice(-VALUES)) {
      sentences.push(`${teller.who(a)} ${teller.did(a)}.`);
      arrows.push(arrow(a, trace.length, cellOf(a)));
    }
  }
  if (finding !== null) sentences.push(verdict(finding, at, teller));
  return { sentences, arrows, keys: made.map(({ index, why }) => ({ index, why })) };
}
