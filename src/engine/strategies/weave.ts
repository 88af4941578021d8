/**
 * Weaves the accesses of CPUs into an order, and writes the schedule that leads to it.
 *
 * Each CPU stands before its next access. A strategy says which CPU makes its access; that CPU then
 * goes on up to the one after it. A switch to a CPU that cannot run has no effect, so where CPUs wait
 * for each other, or take other paths than before, the order comes out differently. A CPU that another
 * one starts has no access to make before that one has passed the start.
 *
 * @module
 */
import { Accesses, ACQUIRES, RELEASES, startedBy } from "./accesses.ts";
import { addEvent, beginEvents, orderFirst } from "./events.ts";
import type { Situation } from "./strategy.ts";
import type { Rng } from "../programs/rng.ts";
import { INTERRUPT, KWORKER, SOFTIRQ, SWITCH } from "../../prog/layout.ts";
import { LIMITS } from "../../prog/types.ts";

/** One in this many schedules runs RCU callbacks somewhere. */
const WITH_SOFTIRQ = 4;
/** One in this many schedules of a preemptible kernel lets a kworker preempt somewhere. */
const WITH_KWORKER = 4;

/** One in this many of these events, and of interrupts, comes at any point, not before an access. */
const ANYWHERE = 2;

/** The accesses of the last execution; one for all strategies, because they are read anew for each. */
export const accesses: Accesses = new Accesses();
/** Index of the next access of each CPU. */
export const next: Int32Array = new Int32Array(LIMITS.cpus);

/** Of each CPU: 1 if nobody needs to start it, or somebody has. */
const ready = new Uint8Array(LIMITS.cpus);

/** The locks that are held, and by which CPUs. */
const heldLock = new Int32Array(LIMITS.ops);
const heldBy = new Int32Array(LIMITS.ops);
let held = 0;

/** Number of points that each CPU has counted. */
const counted = new Int32Array(LIMITS.cpus);
/** Number of points that all have counted; the CPU that runs, -1 before the first. */
let position = 0;
let running = -1;
/** Number of accesses that were made, and the number before which each event comes. */
let made = 0;
const interruptions = new Int32Array(LIMITS.ops);
let interrupts = 0;
let softirqAt = -1;
let kworkerAt = -1;

/** Read the accesses of the last execution; false if there are none in two CPUs. */
export function readAccesses(s: Situation): boolean {
  if (s.past === undefined || s.past.count === 0) return false;
  accesses.read(s.past.meetings, s.cpus);
  return accesses.shared > 0;
}

/** The number of the access before which an event comes; or -1, and then it comes at any point. */
function draw(action: number, s: Situation, rng: Rng): number {
  if (accesses.count > 0 && !rng.oneIn(ANYWHERE)) return rng.below(accesses.count);
  addEvent(1 + rng.below(s.points), action);
  return -1;
}

/** Begin: no CPU has run. */
export function beginWeave(out: Int32Array, s: Situation, rng: Rng): void {
  beginEvents(out, s.cpus, rng);
  counted.fill(0);
  held = 0;
  for (let c = 0; c < s.cpus; c++) {
    next[c] = accesses.first[c];
    ready[c] = accesses.starter[c] < 0 ? 1 : 0;
  }
  position = 0;
  running = -1;
  made = 0;
  interrupts = Math.min(s.interrupts, interruptions.length);
  for (let i = 0; i < interrupts; i++) interruptions[i] = draw(INTERRUPT, s, rng);
  softirqAt = rng.oneIn(WITH_SOFTIRQ) ? draw(SOFTIRQ, s, rng) : -1;
  kworkerAt = s.preemptible && rng.oneIn(WITH_KWORKER) ? draw(KWORKER, s, rng) : -1;
}

/** Whether another CPU than `c` holds the lock that is this cell. */
function isHeld(cell: number, c: number): boolean {
  for (let i = 0; i < held; i++) if (heldLock[i] === cell && heldBy[i] !== c) return true;
  return false;
}

/** Whether CPU `c` has an access left that it can make now. */
export function hasNext(c: number): boolean {
  return ready[c] === 1 && next[c] < accesses.first[c + 1] && !isHeld(accesses.cell[next[c]], c);
}

/** CPU `c` has made access `i`: who can run may have changed. */
function note(c: number, i: number): void {
  const cell = accesses.cell[i];
  const started = startedBy(cell);
  if (started >= 0) ready[started] = 1;
  if (accesses.lock[i] === ACQUIRES && held < heldLock.length) {
    heldLock[held] = cell;
    heldBy[held++] = c;
  }
  if (accesses.lock[i] === RELEASES) {
    for (let h = 0; h < held; h++) {
      if (heldLock[h] !== cell || heldBy[h] !== c) continue;
      held--;
      heldLock[h] = heldLock[held];
      heldBy[h--] = heldBy[held];
    }
  }
}

/** CPU `c` if it can run; else the one that can, and by whose starts `c` comes to run. */
export function runnable(c: number): number {
  let r = c;
  for (let n = 0; ready[r] === 0 && n < LIMITS.cpus; n++) r = accesses.starter[r];
  return r;
}

/** Number of CPUs that have an access left. */
export function left(cpus: number): number {
  let n = 0;
  for (let c = 0; c < cpus; c++) if (hasNext(c)) n++;
  return n;
}

/** Let CPU `c` run until it stands before its point at `place`. */
function runTo(out: Int32Array, c: number, place: number): void {
  if (place <= counted[c]) return;
  if (running < 0) orderFirst(out, c);
  else if (c !== running) addEvent(position, SWITCH, c);
  running = c;
  position += place - counted[c];
  counted[c] = place;
}

/** Let CPU `c` run up to its next access. */
export function approach(out: Int32Array, c: number): void {
  runTo(out, c, accesses.place[next[c]]);
}

/** Let CPU `c` make its next access, and stop before the one after it. */
export function step(out: Int32Array, c: number): void {
  approach(out, c);
  const i = next[c]++;
  interrupt();
  made++;
  note(c, i);
  runTo(out, c, next[c] < accesses.first[c + 1] ? accesses.place[i + 1] : accesses.place[i] + 1);
}

/** Events that were drawn for this access come before it. */
function interrupt(): void {
  for (let i = 0; i < interrupts; i++) {
    if (interruptions[i] !== made) continue;
    addEvent(position, INTERRUPT);
    position += Math.ceil(accesses.handlers / interrupts);
  }
  if (softirqAt === made) addEvent(position, SOFTIRQ);
  if (kworkerAt === made) addEvent(position, KWORKER);
}
