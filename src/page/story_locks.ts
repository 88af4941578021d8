/**
 * The story of locks: orders in which they are taken, and CPUs that wait for each other.
 *
 * @module
 */
import { type Access, accessesOf } from "../report/accesses.ts";
import type { Finding, TracePoint } from "../report/types.ts";
import type { Arrow } from "./data.ts";
import type { Story } from "./story_type.ts";
import { Teller } from "./teller.ts";

/** `CPU1 waits for b, held by CPU2` */
const WAITS = /^CPU(\d+) waits for (.+), held by CPU(\d+)/;

/** A lock by its object, without the field that a primitive changes: `sighand_struct#0.siglock`. */
function lockOf({ field, object }: Access): string {
  const path = field.split(".").slice(0, -1).join(".");
  return path === "" ? object : `${object}.${path}`;
}

/** The name of a lock without the number of its object: `css_set_lock`, `sighand_struct.siglock`. */
const classOf = (a: Access) => lockOf(a).replace(/#\d+/, "");

/** A lock that was taken while another one was held. */
interface Pair {
  readonly held: Access;
  readonly taken: Access;
}

/** All pairs of a trace. */
function pairsIn(accesses: readonly Access[]): Pair[] {
  const held = new Map<number, Access[]>();
  const pairs: Pair[] = [];
  for (const a of accesses) {
    // What a CPU holds, its handlers hold as well.
    const own = held.get(a.cpu) ?? [];
    if (a.kind === "unlock") held.set(a.cpu, own.filter((h) => lockOf(h) !== lockOf(a)));
    if (a.kind !== "lock") continue;
    pairs.push(...own.map((h) => ({ held: h, taken: a })));
    held.set(a.cpu, [...own, a]);
  }
  return pairs;
}

/** The order that the finding is about, and the other one, if both are in the trace. */
function orderStory(finding: Finding, trace: readonly TracePoint[]): Story | null {
  if (!/circular locking/.test(finding.title)) return null;
  const names = finding.title.replace(/^.*: /, "").split(" and ").map((n) => n.replace("->", "."));
  const pairs = pairsIn(accessesOf(trace)).filter(({ held, taken }) =>
    classOf(held) !== classOf(taken) && names.includes(classOf(held)) &&
    names.includes(classOf(taken))
  );
  const last = pairs.at(-1);
  if (last === undefined) return null;
  const other = pairs.findLast(({ held }) => classOf(held) === classOf(last.taken));
  const teller = new Teller(trace);
  const told = [...other === undefined ? [] : [other], last];
  const arrows: Arrow[] = other === undefined
    ? []
    : [{ from: other.held.index, to: last.taken.index, label: lockOf(last.taken) }];
  return {
    sentences: [
      ...told.map(({ held, taken }) =>
        `${teller.who(taken)} took ${lockOf(taken)}${teller.fn(taken)}, while it held ` +
        `${lockOf(held)}, taken${teller.fn(held)}.`
      ),
      `lockdep found it: ${
        finding.detail[0].replace(/\.$/, "")
      }. If each CPU has its first lock, ` +
      "both wait for ever.",
    ],
    arrows,
    keys: keysOf(told.flatMap(({ held, taken }) => [held, taken]), last.taken),
  };
}

/** Key points in the order of the execution, each once. */
function keysOf(accesses: readonly Access[], at: Access | undefined): Story["keys"] {
  const places = [...new Set(accesses.map(({ index }) => index))].sort((a, b) => a - b);
  return places.map((index) => ({ index, why: index === at?.index ? "finding" : "lock" }));
}

/** CPUs that wait for each other. */
function waitStory(finding: Finding, trace: readonly TracePoint[]): Story | null {
  const waits = finding.detail.flatMap((line) => {
    const [, cpu, lock, holder] = WAITS.exec(line) ?? [];
    return cpu === undefined ? [] : [{ line, cpu: Number(cpu), lock, holder: Number(holder) }];
  });
  if (waits.length === 0) return null;
  const locks = accessesOf(trace).filter(({ kind }) => kind === "lock");
  const teller = new Teller(trace);
  const arrows: Arrow[] = [];
  const sentences: string[] = [];
  const keys: Access[] = [];
  for (const { cpu, holder, line, lock } of waits) {
    const its = locks.filter((a) => lockOf(a) === lock || classOf(a) === lock);
    const taken = its.findLast((a) => a.cpu === holder);
    const asked = its.findLast((a) => a.cpu === cpu);
    const where = (a: Access | undefined) => a === undefined ? "" : teller.fn(a);
    sentences.push(`${line}: asked for${where(asked)}, taken${where(taken)}.`);
    keys.push(...[taken, asked].filter((a) => a !== undefined));
    if (taken !== undefined && asked !== undefined) {
      arrows.push({ from: taken.index, to: asked.index, label: lock });
    }
  }
  sentences.push(`${finding.oracle}: no CPU can go on.`);
  return { sentences, arrows, keys: keysOf(keys, undefined) };
}

/** The story of a finding about locks; null if it is about something else. */
export function lockStory(finding: Finding, trace: readonly TracePoint[]): Story | null {
  return orderStory(finding, trace) ?? waitStory(finding, trace);
}
