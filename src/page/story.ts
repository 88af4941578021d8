/**
 * What happened, in sentences, and the arrows from the writes to what came upon them.
 *
 * @module
 */
import { type Access, accessesOf } from "../report/accesses.ts";
import { doesWrite } from "../report/access_kind.ts";
import { conflictsOf, isSameCell } from "../report/conflicts.ts";
import { isJudged } from "../report/judged.ts";
import { making, type MakingAccess } from "../report/making.ts";
import type { Finding, TracePoint } from "../report/types.ts";
import type { Arrow, KeyPoint } from "./data.ts";

/** Sentences about conflicts, and arrows of writes that a law adds up. */
const CONFLICTS = 3;
const VALUES = 3;

/** A finding, and the points that the schedule decided about. */
export interface Told {
  readonly finding: Finding | null;
  readonly trace: readonly TracePoint[];
}

/** What a page tells of a finding. Places are those in the trace. */
export interface Story {
  readonly sentences: readonly string[];
  readonly arrows: readonly Arrow[];
  readonly keys: readonly KeyPoint[];
}

type Place = Omit<Access, "thread">;

const cellOf = ({ field, object }: Place) => field === "" ? object : `${object}.${field}`;

/** Tells accesses in words. */
class Teller {
  constructor(readonly trace: readonly TracePoint[]) {}

  /** `CPU0`, `CPU0's softirq` */
  who({ context, cpu }: Place): string {
    return context === "task" ? `CPU${cpu}` : `CPU${cpu} (${context})`;
  }

  /** The function that a title would name. */
  fn({ fn, index }: Place): string {
    const name = this.trace[index].owner ?? fn;
    return name === "" ? "" : ` in ${name}()`;
  }

  /** `set obj_cgroup#0.memcg to NULL in memcg_reparent_objcgs()` */
  did(a: Place): string {
    const cell = cellOf(a);
    const to = a.value === null ? "" : ` to ${a.value}`;
    const is = a.value === null ? "" : `, which was ${a.value},`;
    switch (a.kind) {
      case "free":
        return `freed ${a.object}${this.fn(a)}`;
      case "write":
        return `set ${cell}${to}${this.fn(a)}`;
      case "update":
        if (a.value === "0") return `dropped ${cell} to 0${this.fn(a)}`;
        return `changed ${cell}${to}${this.fn(a)}`;
      case "read":
        return `read ${cell}${is}${this.fn(a)}`;
      default:
        return `${this.trace[a.index].what} ${cell}${this.fn(a)}`;
    }
  }

  /** `read of obj_cgroup#0.memcg in obj_cgroup_charge()` */
  deed(a: Place): string {
    const noun = { read: "read", write: "write", update: "update", free: "free" } as const;
    const word = a.kind in noun ? noun[a.kind as keyof typeof noun] : this.trace[a.index].what;
    const value = a.kind === "read" && a.value !== null ? ` (${a.value})` : "";
    return `${word} of ${cellOf(a)}${value}${this.fn(a)}`;
  }
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
export function storyOf({ finding, trace }: Told): Story {
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
