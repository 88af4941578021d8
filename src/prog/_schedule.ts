/**
 * The syntax of schedules: steps of a symbolic schedule, order and events of a numeric one.
 *
 * @module
 */
import type { Cursor } from "./_cursor.ts";
import { CPU_WORD, cpuNumber } from "./_operation.ts";
import { misspelling, quote, unknownWord } from "./errors.ts";
import { EVENT_ACTIONS } from "./layout.ts";
import type { Positions } from "./positions.ts";
import type { After, NumericEvent, Position, Schedule, Step, StepPart, Until } from "./types.ts";

/** The words that may follow `cpuN` in a step. */
const STEP_WORDS = ["until", "interrupt", "softirq", "kworker"];
/** The name of a kernel function or a primitive. */
export const POINT_NAME = /[A-Za-z_][A-Za-z0-9_.]*/y;
/** The name of a field, which may lie in a nested struct or an array. */
export const FIELD_NAME = /[A-Za-z_][\w.[\]>-]*/y;
const WORD = /[A-Za-z_]\w*/y;
const CPU = /cpu\d+(?!\w)/y;
/** A word that stands for a place in an operation, and so is no name of a function. */
export const STEP_PLACES: readonly string[] = ["end", "after"];

type Places = Partial<Record<StepPart, Position>>;

/** Reads `schedule:` or `schedule: numeric`, and returns an empty schedule of that kind. */
export function parseScheduleLine(cursor: Cursor): Schedule {
  const at = cursor.at;
  const kind = cursor.match(/[^\s#]+/y);
  cursor.finish(kind === undefined ? '"schedule:"' : `"schedule: ${kind}"`);
  if (kind === undefined) return { kind: "symbolic", steps: [] };
  if (kind === "numeric") return { kind, order: [], events: [] };
  const meant = misspelling(kind, ["numeric"]) !== undefined
    ? 'did you mean "numeric"?'
    : 'expected "schedule:" or "schedule: numeric"';
  throw cursor.error(`Unknown kind of schedule ${quote(kind)}: ${meant}`, at);
}

/** Reads one step of a symbolic schedule. */
export function parseStep(cursor: Cursor, positions: Positions): Step {
  const at = cursor.at;
  const word = cursor.match(CPU_WORD);
  if (word === undefined || word === "boot") {
    throw cursor.error(
      'Cannot read step: expected "cpuN until …", "cpuN interrupt", "cpuN softirq" or "cpuN kworker"',
      at,
    );
  }
  const base = { cpu: cpuNumber(word), comments: [], at };
  const actionAt = cursor.at;
  const action = cursor.match(WORD);
  if (action === undefined) {
    throw cursor.error(
      `Cannot read step: expected "until", "interrupt", "softirq" or "kworker", found ${cursor.found()}`,
    );
  }
  if (/^[(=]/.test(cursor.next)) {
    throw cursor.error("Cannot read step: operations must come before the schedule", at);
  }
  if (action === "interrupt" || action === "softirq" || action === "kworker") {
    cursor.finish("the step");
    return { ...base, kind: action };
  }
  if (action !== "until") {
    throw cursor.error(unknownWord("schedule word", action, STEP_WORDS), actionAt);
  }
  if (cursor.match(/end(?=\s|$)/y) !== undefined) {
    cursor.finish('"end"');
    return { ...base, kind: "end" };
  }
  const places: Places = {};
  const step: Step = cursor.match(/after(?=\s|$)/y) === undefined
    ? { ...base, places, kind: "until", until: parseUntil(cursor, places) }
    : { ...base, places, kind: "after", after: parseAfter(cursor, places) };
  positions.mark(step, "until", actionAt);
  return step;
}

/** Reads `OPERATION` with an optional `#K` after it. */
function parseAfter(cursor: Cursor, places: Places): After {
  places.op = cursor.at;
  const op = cursor.match(WORD);
  if (op === undefined) {
    throw cursor.error(
      `Cannot read step: expected an operation after "until after", found ${cursor.found()}`,
    );
  }
  return { op, nth: parseCount(cursor) };
}

/** Reads `#K` at the end of a step; without it the count is 1. */
function parseCount(cursor: Cursor): number {
  const at = cursor.at;
  const word = cursor.match(/#\d+(?=\s|$)/y);
  const nth = word === undefined ? 1 : Number(word.slice(1));
  if (nth < 1 || !Number.isSafeInteger(nth)) {
    throw cursor.error(`Cannot read step: ${quote(word!)} is not a count from #1`, at);
  }
  cursor.finish("the step");
  return nth;
}

/** Reads `FN`, `FN: WHAT` or `FN: WHAT FIELD`, each with an optional `#K` after it. */
function parseUntil(cursor: Cursor, places: Places): Until {
  places.fn = cursor.at;
  const fn = cursor.match(POINT_NAME);
  if (fn === undefined) {
    throw cursor.error(
      `Cannot read step: expected "end" or a function after "until", found ${cursor.found()}`,
    );
  }
  const until: Until = { fn, nth: 1 };
  if (cursor.eat(":")) {
    places.what = cursor.at;
    until.what = cursor.match(POINT_NAME);
    if (until.what === undefined) {
      throw cursor.error(
        `Cannot read step: expected a primitive or a function after "${fn}:", found ${cursor.found()}`,
      );
    }
    const at = cursor.at;
    const field = cursor.match(FIELD_NAME);
    if (field !== undefined) {
      until.field = field;
      places.field = at;
    }
  }
  until.nth = parseCount(cursor);
  return until;
}

/** Reads `order cpu1 cpu0`. */
export function parseOrder(cursor: Cursor): number[] {
  if (cursor.match(/order(?=\s|$)/y) === undefined) {
    throw cursor.error(
      `Cannot read schedule: expected "order" and the CPUs, found ${cursor.found()}`,
    );
  }
  const order: number[] = [];
  for (let word = cursor.match(CPU); word !== undefined; word = cursor.match(CPU)) {
    order.push(cpuNumber(word));
  }
  if (order.length === 0) {
    throw cursor.error(`Cannot read order: expected the CPUs, found ${cursor.found()}`);
  }
  cursor.finish("the CPUs");
  return order;
}

/** Reads `+GAP ACTION`. */
export function parseEvent(cursor: Cursor, positions: Positions): NumericEvent {
  const at = cursor.at;
  const gap = cursor.eat("+") ? cursor.integer() : undefined;
  if (gap === undefined || gap < 0) {
    throw cursor.error('Cannot read event: expected "+GAP", the number of points to let pass', at);
  }
  const actionAt = cursor.at;
  const word = cursor.match(WORD) ?? "";
  const action = EVENT_ACTIONS.find((known) => known === word);
  if (action === undefined) {
    const message = word === ""
      ? `Cannot read event: expected an action after the gap, found ${cursor.found()}`
      : unknownWord("schedule action", word, EVENT_ACTIONS);
    throw cursor.error(message, actionAt);
  }
  const cpuAt = cursor.at;
  const cpu = action === "switch" ? cursor.match(CPU) : undefined;
  if (action === "switch" && cpu === undefined) {
    throw cursor.error(
      `Cannot read event: expected "cpuN" after "switch", found ${cursor.found()}`,
    );
  }
  cursor.finish("the event");
  const event: NumericEvent = cpu === undefined
    ? { gap, action }
    : { gap, action, cpu: cpuNumber(cpu) };
  positions.mark(event, "at", at);
  positions.mark(event, "cpu", cpuAt);
  return event;
}
