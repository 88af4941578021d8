/**
 * Turns a meeting round: what met the other's write comes before it, or the other way about.
 *
 * Between CPUs, the writer is stopped before its write, the other CPU runs up to its access, then the
 * writer goes on. DPOR reverses races in the same way (Flanagan and Godefroid, POPL 2005).
 *
 * On one CPU, one of the two runs on top of the other: an interrupt, a callback, a kworker. It comes
 * at the other's access instead: if it met a write of what it had interrupted, it comes just before
 * that write; if what it wrote was met, it comes just after the access that met it. Positions are
 * exact, because the execution before ran under this schedule up to the change.
 *
 * @module
 */
import { appendEvent, lastPosition, truncateAsked, truncateEvents } from "./events.ts";
import type { MeetingList } from "./kept_execution.ts";
import { beganAt, passedBy, passedSince } from "./turns.ts";
import type { Rng } from "../programs/rng.ts";
import {
  actorContext,
  actorCpu,
  ACTS_AS_CALLBACK,
  ACTS_AS_KWORKER,
} from "../../machine/executor.ts";
import { IN_TASK, INTERRUPT, KWORKER, S_NEVENTS, SOFTIRQ, SWITCH } from "../../prog/layout.ts";

/** Maximum of events in a schedule. */
export const EVENTS_MAX = 8;
/**
 * In one of this many reversals, the reader is stopped before its access; in the others, behind it.
 */
const STOP_BEFORE = 4;
/** In one of this many reversals between CPUs, callbacks run before the reader goes on. */
const CALLBACKS_BETWEEN = 8;

/** How contexts nest, by number: task, softirq, hardirq, NMI, kworker, callback. */
const RANK = [0, 2, 3, 4, 1, 2];

/** The event that lets a context run. */
function eventFor(context: number): number {
  if (context === ACTS_AS_KWORKER) return KWORKER;
  return context === ACTS_AS_CALLBACK ? SOFTIRQ : INTERRUPT;
}

/** Let the other CPU run up to its access, before the write. */
function betweenCpus(out: Int32Array, m: MeetingList, i: number, rng: Rng | null): boolean {
  const written = m.written(i);
  const reader = m.reader(i);
  const cpu = actorCpu(reader);
  truncateEvents(out, written);
  if (out[S_NEVENTS] >= EVENTS_MAX) return false;
  const before = passedBy(cpu, written, m);
  const ahead = passedBy(cpu, m.position(i), m) - before;
  if (ahead <= 0) return false;
  appendEvent(out, written, SWITCH, cpu);
  if (rng?.oneIn(CALLBACKS_BETWEEN)) appendEvent(out, written + 1, SOFTIRQ);
  const context = actorContext(reader);
  if (context !== IN_TASK) {
    const began = beganAt(reader, m.position(i), m);
    // What interrupts the other CPU must be let in there again.
    if (began > written) {
      const at = Math.max(written + passedBy(cpu, began, m) - before, lastPosition(out) + 1);
      appendEvent(out, at, eventFor(context));
    }
  }
  // Mostly behind the access: the reader then goes on with a value that becomes out of date.
  const behind = rng?.oneIn(STOP_BEFORE) ? 0 : 1;
  appendEvent(out, written + ahead + behind, SWITCH, actorCpu(m.writer(i)));
  return true;
}

/** Let what runs on top come at the other's access. */
function onOneCpu(out: Int32Array, m: MeetingList, i: number, rng: Rng | null): boolean {
  const writer = m.writer(i);
  const reader = m.reader(i);
  const readerIsOnTop = RANK[actorContext(reader)] > RANK[actorContext(writer)];
  const top = readerIsOnTop ? reader : writer;
  const action = eventFor(actorContext(top));
  let at = m.written(i);
  if (readerIsOnTop) truncateEvents(out, at);
  else {
    const began = beganAt(top, at, m);
    if (began < 0) return false;
    at = began + passedSince(reader, began, m.position(i), m) + (rng?.oneIn(STOP_BEFORE) ? 0 : 1);
    truncateAsked(out, began, action);
  }
  if (out[S_NEVENTS] >= EVENTS_MAX) return false;
  appendEvent(out, Math.max(1, at), action);
  return true;
}

/** Turn meeting `i` round, without random numbers in the likeliest way; false if it cannot be. */
export function reverse(
  out: Int32Array,
  meetings: MeetingList,
  i: number,
  rng: Rng | null,
): boolean {
  const same = actorCpu(meetings.writer(i)) === actorCpu(meetings.reader(i));
  return same ? onOneCpu(out, meetings, i, rng) : betweenCpus(out, meetings, i, rng);
}
