/**
 * Lets a handler in at another place: at an access where actors have met, just before it or behind it.
 *
 * What a handler breaks lies mostly between two accesses of what it interrupts, and one of the two need
 * not meet anything as long as the handler comes elsewhere. So a handler is tried at all points where
 * actors have met in some execution, not only where it met something in the last one. It is moved: where
 * the schedule has let in all handlers already, another interrupt would find none.
 *
 * @module
 */
import { appendEvent, AT_ONCE, CROWD, truncateEvents } from "./events.ts";
import type { MeetingList } from "./kept_execution.ts";
import { EVENTS_MAX } from "./reverse.ts";
import type { Situation } from "./strategy.ts";
import { actorAt, isHandler } from "./turns.ts";
import type { Rng } from "../programs/rng.ts";
import { actorCpu } from "../../machine/executor.ts";
import { actionOf, E_ACTION, E_GAP, eventAt, INTERRUPT, S_NEVENTS } from "../../prog/layout.ts";

/** One in this many handlers comes just before the access; the others just behind it. */
const BEFORE = 2;

/** Number of points of handlers between two positions. */
function handled(from: number, to: number, m: MeetingList): number {
  let n = 0;
  for (let t = 0; t < m.turns; t++) {
    const begins = Math.max(from, m.turnStart(t));
    if (begins >= to) break;
    if (!isHandler(m.turnActor(t))) continue;
    const ends = t + 1 < m.turns ? Math.min(to, m.turnStart(t + 1)) : to;
    n += Math.max(0, ends - begins);
  }
  return n;
}

/** Position of the first interrupt of a schedule that has at least `handlers` of them; -1 if it has fewer. */
function firstOfAll(out: Int32Array, handlers: number): number {
  let at = 0;
  let n = 0;
  let first = -1;
  for (let i = 0; i < out[S_NEVENTS]; i++) {
    at += out[eventAt(i) + E_GAP];
    if (actionOf(out[eventAt(i) + E_ACTION]) !== INTERRUPT) continue;
    if (n++ === 0) first = at;
  }
  return n >= handlers ? first : -1;
}

/** Let a handler in at meeting `i`; false if no handler can come there. */
export function letIn(
  out: Int32Array,
  s: Situation,
  meetings: MeetingList,
  i: number,
  rng: Rng,
): boolean {
  let at = meetings.position(i);
  const actor = actorAt(at, meetings);
  if (actor < 0 || isHandler(actor) || (((s.handled ?? -1) >>> actorCpu(actor)) & 1) === 0) {
    return false;
  }
  const first = firstOfAll(out, s.interrupts);
  if (first >= 0 && first < at) {
    truncateEvents(out, first);
    at -= handled(first, at, meetings);
  } else truncateEvents(out, at);
  if (out[S_NEVENTS] >= EVENTS_MAX) return false;
  const position = Math.max(1, rng.oneIn(BEFORE) ? at : at + 1);
  appendEvent(out, position, INTERRUPT);
  if (s.interrupts > CROWD && rng.oneIn(AT_ONCE)) {
    for (let k = 1; k < s.interrupts; k++) appendEvent(out, position + k, INTERRUPT);
  }
  return true;
}
