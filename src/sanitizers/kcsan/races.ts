/**
 * The races of an execution, and which of them becomes its finding.
 *
 * A race does not end an execution: it is noted, and other sanitizers may find what it leads to.
 * Only if they find nothing, the first race becomes the finding. A campaign says which titles it
 * knows, so that a race that is in every execution does not hide all others. A replay says which
 * titles it expects.
 *
 * @module
 */
import { whatFn, whatPrim } from "../../machine/layout/accesses.ts";
import {
  A_NEW,
  A_OLD,
  A_TRACED,
  A_WHAT,
  ASSERT,
  COMPOUND,
  MARKED,
  NESTED,
  WRITES,
} from "../../machine/layout/accesses.ts";
import { ME, own } from "../../machine/layout/clock_registers.ts";
import {
  FOLLOWING,
  KNOWN,
  KNOWN_MAX,
  NRACES,
  RACE_WORDS,
  RACES,
  RACES_MAX,
} from "../../machine/layout/clock_words.ts";
import { NCPUS } from "../../machine/layout/cpus.ts";
import {
  OOPS_CONTEXT,
  OOPS_CPU,
  OOPS_DEPTH,
  OOPS_KIND,
  OOPS_STACK,
} from "../../machine/layout/oops.ts";
import { STACK_TRACES } from "../../machine/layout/recording.ts";
import { R_DEPTH, R_STACK } from "../../machine/layout/records.ts";
import { TRACE_WORDS } from "../../machine/layout/sizes.ts";
import { views } from "../../machine/words/arena.ts";
import { current } from "../../machine/clocks/clock_cells.ts";
import { oopsKind, type OopsRecord, record } from "../../machine/findings/oops.ts";
import { fieldKind } from "../../machine/memory/peek.ts";
import { PRIMITIVES } from "../../machine/layout/primitives.ts";
import { functionName } from "../../machine/calls/registry.ts";
import { locate, objectName, pointerName } from "../../machine/memory/objects.ts";
import { CONTEXTS } from "../../prog/types.ts";

const { clocks, ctl, trace } = views();

/**
 * Words of a race: the cell; for each of both accesses its description, its record in the trace and
 * its thread; the values before and after.
 */
const ADDRESS = 0;
const THIS = 1;
const THAT = 4;
const OLD = 7;
const NEW = 8;

/** The kernel sorts the functions of a title. */
function names(o: OopsRecord): string {
  return [o.fn, functionName(o.arg)].sort().join(" / ");
}
const RACE = oopsKind("data-race", "KCSAN", (o) => `KCSAN: data-race in ${names(o)}`);
const BROKEN = oopsKind("assert-race", "KCSAN", (o) => `KCSAN: assert: race in ${names(o)}`);

/** The identity of a race: both functions, and whether one of the accesses is an assertion. */
function keyOf(x: number, y: number): number {
  const f = Math.min(whatFn(x), whatFn(y));
  const g = Math.max(whatFn(x), whatFn(y));
  return (f << 11) | (g << 1) | (((x | y) & ASSERT) !== 0 ? 1 : 0);
}

function titleOfKey(key: number): string {
  const both = [functionName(key >>> 11), functionName((key >>> 1) & 0x3ff)].sort().join(" / ");
  return `KCSAN: ${(key & 1) !== 0 ? "assert: race" : "data-race"} in ${both}`;
}

/** The place of a key in the table of known races, or its free place; -1 if the table is full. */
function place(key: number): number {
  for (let i = 0; i < KNOWN_MAX; i++) {
    const at = KNOWN + ((key * 31 + i) & (KNOWN_MAX - 1));
    if (clocks[at] === key || clocks[at] === 0) return at;
  }
  return -1;
}

function isKnown(key: number): boolean {
  const at = place(key);
  return at < 0 || clocks[at] === key;
}

/** Note that the current access races with the one left at `then` by thread `u`. */
export function note(a: number, u: number, then: number): void {
  const what = current[A_WHAT];
  const other = clocks[then + A_WHAT];
  const key = keyOf(what, other);
  if (clocks[FOLLOWING] === 0 && isKnown(key)) return;
  const n = clocks[NRACES];
  if (n >= RACES_MAX) return;
  for (let i = 0; i < n; i++) {
    const r = RACES + i * RACE_WORDS;
    if (keyOf(clocks[r + THIS], clocks[r + THAT]) === key) return;
  }
  const r = RACES + n * RACE_WORDS;
  const mineWrites = (what & (WRITES | ASSERT)) === WRITES;
  clocks[NRACES] = n + 1;
  clocks[r + ADDRESS] = a;
  clocks[r + THIS] = what;
  clocks[r + THIS + 1] = current[A_TRACED];
  clocks[r + THIS + 2] = own[ME];
  clocks[r + THAT] = other;
  clocks[r + THAT + 1] = clocks[then + A_TRACED];
  clocks[r + THAT + 2] = u;
  clocks[r + OLD] = mineWrites ? current[A_OLD] : clocks[then + A_OLD];
  clocks[r + NEW] = mineWrites ? current[A_NEW] : clocks[then + A_NEW];
}

let wanted: readonly string[] = [];

/**
 * Say which titles the next executions should reproduce. If one of them is among the races, that
 * race is the finding; otherwise the first race is, known or not. Null: the executions search for
 * races that are not known.
 */
export function expect(titles: readonly string[] | null): void {
  wanted = titles ?? [];
  clocks[FOLLOWING] = titles === null ? 0 : 1;
}

/** If the last execution's finding was a race of that title, the race is known from now on. */
export function ignore(title: string): void {
  for (let i = 0; i < clocks[NRACES]; i++) {
    const r = RACES + i * RACE_WORDS;
    const key = keyOf(clocks[r + THIS], clocks[r + THAT]);
    const at = place(key);
    if (titleOfKey(key) === title && at >= 0) clocks[at] = key;
  }
}

/** Make one of the races the finding, if nothing else was found; on CPU 0, at the end. */
export function verdict(): void {
  const n = clocks[NRACES];
  if (n === 0 || ctl[OOPS_KIND] !== 0) return;
  let chosen = 0;
  for (let i = n - 1; i >= 0 && wanted.length > 0; i--) {
    const r = RACES + i * RACE_WORDS;
    if (wanted.includes(titleOfKey(keyOf(clocks[r + THIS], clocks[r + THAT])))) chosen = i;
  }
  report(RACES + chosen * RACE_WORDS);
}

function report(r: number): void {
  const mine = clocks[r + THIS];
  const other = clocks[r + THAT];
  const kind = ((mine | other) & ASSERT) !== 0 ? BROKEN : RACE;
  const detail = ctl[STACK_TRACES] === 0 ? "" : textOf(r);
  record(kind, whatFn(other), clocks[r + ADDRESS], detail, whatFn(mine));
  const thread = clocks[r + THIS + 2];
  ctl[OOPS_CPU] = thread % ctl[NCPUS];
  ctl[OOPS_CONTEXT] = Math.floor(thread / ctl[NCPUS]);
  const stack = stackOf(clocks[r + THIS + 1]);
  ctl[OOPS_DEPTH] = stack.length;
  for (let i = 0; i < stack.length; i++) ctl[OOPS_STACK + i] = stack[i];
}

/** Functions of a record of the trace, outermost first; none if none was recorded. */
function stackOf(traced: number): number[] {
  if (ctl[STACK_TRACES] === 0 || traced < 0) return [];
  const at = traced * TRACE_WORDS;
  return Array.from({ length: trace[at + R_DEPTH] }, (_, d) => trace[at + R_STACK + d]);
}

/** `read-write (marked)`, as the kernel calls them. */
function accessName(what: number): string {
  if ((what & ASSERT) !== 0) {
    return (what & WRITES) !== 0 ? "assert no accesses" : "assert no writes";
  }
  const verb = (what & WRITES) === 0 ? "read" : (what & COMPOUND) !== 0 ? "read-write" : "write";
  const isMarked = (what & (MARKED | NESTED)) === MARKED;
  return isMarked ? `${verb} (marked, ${PRIMITIVES[whatPrim(what)]})` : verb;
}

function line(r: number, side: number): string {
  const at = locate(clocks[r + ADDRESS])!;
  const thread = clocks[r + side + 2];
  const context = CONTEXTS[Math.floor(thread / ctl[NCPUS])];
  return `${accessName(clocks[r + side])} to ${objectName(at.object)}.${at.field} of 4 bytes ` +
    `by ${context} on cpu ${thread % ctl[NCPUS]}`;
}

function changeOf(r: number): string[] {
  const values = [clocks[r + OLD], clocks[r + NEW]];
  if (values[0] === values[1]) return [];
  const isPointer = fieldKind(clocks[r + ADDRESS]) === "ptr";
  return [`value changed: ${values.map(isPointer ? pointerName : String).join(" -> ")}`];
}

function textOf(r: number): string {
  const writer = [THIS, THAT].some((s) => (clocks[r + s] & (WRITES | ASSERT)) === WRITES);
  return [
    `${line(r, THIS)}: see the call trace`,
    `${line(r, THAT)}:`,
    ...stackOf(clocks[r + THAT + 1]).reverse().map((f) => ` ${functionName(f)}`),
    ...(writer ? changeOf(r) : []),
  ].join("\n");
}
