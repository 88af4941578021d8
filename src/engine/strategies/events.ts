/**
 * Writes the events of a numeric schedule. Callers give positions; the packed form has gaps.
 *
 * @module
 */
import type { Rng } from "../programs/rng.ts";
import type { Situation } from "./strategy.ts";
import { KERNEL_LIMITS, LIMITS } from "../../prog/types.ts";
import {
  actionOf,
  E_ACTION,
  E_GAP,
  eventAt,
  INTERRUPT,
  KWORKER,
  packAction,
  S_CPUS,
  S_NEVENTS,
  S_ORDER,
  S_WALK,
  SOFTIRQ,
} from "../../prog/layout.ts";

/** One in this many schedules has an event that runs RCU callbacks. */
const WITH_SOFTIRQ = 4;
/** If a program has more handlers than this, they come at once in one of so many schedules. */
export const CROWD = 8;
export const AT_ONCE = 2;
/** One in this many schedules of a preemptible kernel has an event that lets a kworker preempt. */
const WITH_KWORKER = 4;

/**
 * Maximum of events that are drawn for a program that a kernel could run. Wider ones start their CPUs, and
 * each of these waits, runs, waits again.
 */
const EVENTS_MAX = KERNEL_LIMITS.events;

const positions = new Int32Array(LIMITS.events);
const actions = new Int32Array(LIMITS.events);
let n = 0;
let room = EVENTS_MAX;

/** Begin a schedule: a random order of the CPUs, no events yet. */
export function beginEvents(out: Int32Array, cpus: number, rng: Rng): void {
  out[S_CPUS] = cpus;
  for (let c = 0; c < cpus; c++) out[S_ORDER + c] = c;
  for (let c = cpus - 1; c > 0; c--) {
    const d = rng.below(c + 1);
    const x = out[S_ORDER + c];
    out[S_ORDER + c] = out[S_ORDER + d];
    out[S_ORDER + d] = x;
  }
  out[S_WALK] = 0;
  n = 0;
  room = cpus > KERNEL_LIMITS.cpus ? LIMITS.events : EVENTS_MAX;
}

/** Let CPU `cpu` be the first in the order of the CPUs. */
export function orderFirst(out: Int32Array, cpu: number): void {
  let i = out.indexOf(cpu, S_ORDER);
  for (; i > S_ORDER; i--) out[i] = out[i - 1];
  out[S_ORDER] = cpu;
}

/** Add an event at a position, in points from the start. */
export function addEvent(position: number, action: number, cpu = 0): void {
  if (n >= room) return;
  let i = n++;
  for (; i > 0 && positions[i - 1] > position; i--) {
    positions[i] = positions[i - 1];
    actions[i] = actions[i - 1];
  }
  positions[i] = position;
  actions[i] = packAction(action, cpu);
}

/**
 * Add events for the interrupts of a program, and sometimes one for its RCU callbacks and one for the
 * kworker of the CPU that then runs.
 */
export function addInterrupts(s: Situation, rng: Rng): void {
  const { interrupts, points } = s;
  const at = interrupts > CROWD && rng.oneIn(AT_ONCE) ? 1 + rng.below(points) : 0;
  for (let i = 0; i < interrupts; i++) addEvent(at || 1 + rng.below(points), INTERRUPT);
  if (rng.oneIn(WITH_SOFTIRQ)) addEvent(1 + rng.below(points), SOFTIRQ);
  if (s.preemptible && rng.oneIn(WITH_KWORKER)) addEvent(1 + rng.below(points), KWORKER);
}

/** Write the events to `out`, as gaps. */
export function finishEvents(out: Int32Array): void {
  out[S_NEVENTS] = n;
  let at = 0;
  for (let i = 0; i < n; i++) {
    const gap = Math.max(1, positions[i] - at);
    at += gap;
    out[eventAt(i) + E_GAP] = gap;
    out[eventAt(i) + E_ACTION] = actions[i];
  }
}

/** Position of the last event of a finished schedule; 0 if there is none. */
export function lastPosition(out: Int32Array): number {
  let at = 0;
  for (let i = 0; i < out[S_NEVENTS]; i++) at += out[eventAt(i) + E_GAP];
  return at;
}

/** Drop the events of a finished schedule from a position on. */
export function truncateEvents(out: Int32Array, position: number): void {
  let at = 0;
  for (let i = 0; i < out[S_NEVENTS]; i++) {
    at += out[eventAt(i) + E_GAP];
    if (at >= position) out[S_NEVENTS] = i;
  }
}

/**
 * Drop the events of a finished schedule from the last one on that asked for `action` at `position` or
 * before: what it asked for may have had to wait. Without such an event, drop those from the position
 * on.
 */
export function truncateAsked(out: Int32Array, position: number, action: number): void {
  let at = 0;
  let asked = -1;
  for (let i = 0; i < out[S_NEVENTS]; i++) {
    at += out[eventAt(i) + E_GAP];
    if (at <= position && actionOf(out[eventAt(i) + E_ACTION]) === action) asked = i;
  }
  if (asked >= 0) out[S_NEVENTS] = asked;
  else truncateEvents(out, position);
}

/** Add an event to a finished schedule, at a position after its last. */
export function appendEvent(out: Int32Array, position: number, action: number, cpu = 0): void {
  const i = out[S_NEVENTS];
  if (i >= EVENTS_MAX) return;
  out[eventAt(i) + E_GAP] = Math.max(1, position - lastPosition(out));
  out[eventAt(i) + E_ACTION] = packAction(action, cpu);
  out[S_NEVENTS] = i + 1;
}
