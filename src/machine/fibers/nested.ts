/**
 * All CPUs in one thread: a CPU runs on top of the stack of the one that it takes the baton from.
 *
 * A switch is then a call, and the way back a return: no wake, and one compiled code for all CPUs. But a
 * CPU whose frames lie under those of others can only go on when these are gone. If it is to go on
 * earlier, an exception takes the others off the stack: they are *suspended*, in the middle of what
 * they do. A suspended CPU that gets the baton runs its turn again, from the snapshots at the beginning
 * of each of its segments (segments.ts). The same code on the same memory comes to the same place, with the
 * same frames on the stack. Then memory becomes what it was, and the CPU goes on.
 *
 * If there are too many segments, or if it does not come to the same place, this thread gives up.
 *
 * @module
 */
import * as oopsWords from "../layout/oops.ts";
import * as registers from "../layout/registers.ts";
import * as turnWords from "../layout/turns.ts";
import * as sizes from "../layout/sizes.ts";
import { tagOf } from "../layout/meta.ts";
import { views } from "../words/arena.ts";
import { pointsSoFar } from "../words/countdown.ts";
import { becomeCpu } from "../words/cpu_state.ts";
import { actorOn, noteTurn } from "../memory/note_meetings.ts";
import { hushLists, restoreSnapshot } from "../memory/snapshot.ts";
import { changeTurn, passWith, SUSPENDED } from "../lockstep/baton.ts";
import { pickNext } from "../lockstep/pick.ts";
import { beginSchedule } from "../lockstep/schedule.ts";
import { forgetLook } from "../lockstep/spin.ts";
import { endOfTurn, endTurn, successor, takeTurn } from "../lockstep/serve.ts";
import {
  addSegment,
  dropSegments,
  dropSnapshot,
  makeSnapshot,
  resetSegments,
  segmentsOf,
  snapshotOf,
} from "./segments.ts";
import { isWhereKept, keepCpu, restoreCpu } from "./stack.ts";

const { ctl } = views();
const { CPUS_MAX } = sizes;
const { ABORT } = oopsWords;
const { regs, CPU, TAG } = registers;
const { FINISHED } = turnWords;

/** Who follows the last turn of all. */
const NOBODY = -1;

/** CPUs whose frames lie under those of the CPU that runs: how many, and 1 for each; suspended CPUs. */
let depth = 0;
const under = new Uint8Array(CPUS_MAX);
const suspended = new Uint8Array(CPUS_MAX);
/** The CPU for which others are taken off the stack, and points so far when that began. */
let wanted = NOBODY;
let dugAt = 0;
/** Whether the CPU that runs runs its turn again; up to which segment; what memory is in truth. */
let repeats = false;
let segment = 0;
let truth = 0;
let gaveUp = false;

/** Whether the last execution could not be finished in one thread. */
export function hasGivenUp(): boolean {
  return gaveUp;
}

/** Unwind everything, like after a finding. */
function giveUp(): void {
  gaveUp = true;
  repeats = false;
  ctl[ABORT] = 1;
}

/** The frames of this CPU come to lie under those of others, or no longer do. */
function lay(cpu: number, isUnder: number): void {
  depth += isUnder - under[cpu];
  under[cpu] = isUnder;
}

function change(cpu: number, reason: number): void {
  changeTurn(cpu, reason);
  becomeCpu(cpu);
  regs[TAG] = tagOf(actorOn(cpu));
}

/** A segment of this CPU begins. The CPU at the bottom of the stack is never suspended. */
function beginSegment(): void {
  if (depth === 0) return;
  const i = makeSnapshot();
  if (i < 0) giveUp();
  else addSegment(regs[CPU], i);
}

/** Take everything off the stack that lies on CPU `cpu`; it has the baton. */
function dig(cpu: number): never {
  wanted = cpu;
  dugAt = pointsSoFar();
  throw SUSPENDED;
}

/** Suspend this CPU, which is in the middle of its turn. */
function suspend(): void {
  const me = regs[CPU];
  suspended[me] = 1;
  if (segmentsOf(me) === 0) giveUp();
}

function repeatSegment(me: number): void {
  restoreSnapshot(snapshotOf(me, segment));
  hushLists();
  forgetLook();
}

/** This CPU, which is suspended, has the baton: run its turn again up to where it was, and go on. */
function resume(): void {
  const me = regs[CPU];
  suspended[me] = 0;
  if (ctl[ABORT] !== 0) return endTurn(); // all it would do is unwind
  truth = makeSnapshot();
  if (truth < 0) return giveUp();
  repeats = true;
  segment = 0;
  repeatSegment(me);
  takeTurn();
  if (repeats) giveUp();
}

/** This CPU, which runs its turn again, has come to the end of a segment. */
function endRepeated(): void {
  const me = regs[CPU];
  segment++;
  if (segment < segmentsOf(me)) {
    return repeatSegment(me);
  }
  const isThere = isWhereKept(me) && ctl[ABORT] === 0;
  restoreSnapshot(truth);
  forgetLook();
  repeats = false;
  if (!isThere) return giveUp();
  // What memory is now is where the next segment begins.
  if (depth !== 0) return addSegment(me, truth);
  dropSnapshot(truth);
  dropSegments(me);
}

/** This CPU has the baton, and its frames are not on the stack: it runs to the end of its turn. */
function run(): void {
  const me = regs[CPU];
  if (suspended[me] !== 0) resume();
  else {
    beginSegment();
    takeTurn();
  }
  dropSegments(me);
}

/** CPU `next` takes its turn, and those that follow it, until it is the turn of CPU `last`. */
function takeTurns(next: number, last: number): void {
  while (next !== last) {
    if (next === NOBODY) return giveUp();
    if (next !== regs[CPU]) change(next, endOfTurn());
    if (under[next] !== 0) dig(next);
    run();
    if (gaveUp) return;
    next = successor();
  }
}

/** The CPUs on top of this one, CPU `me`, are off the stack: it goes on if it is wanted. */
function uncover(me: number, e: unknown): void {
  if (e !== SUSPENDED) throw e;
  lay(me, 0);
  restoreCpu(me);
  // Whoever acted on the exception, such as a patch with a `finally`, has passed points.
  if (pointsSoFar() !== dugAt) giveUp();
  if (gaveUp) return;
  if (me === wanted) return beginSegment();
  suspend();
  if (!gaveUp) throw SUSPENDED;
}

/** Let CPU `cpu` run; returns when it is this one's turn again. */
function pass(cpu: number, reason: number): void {
  if (repeats) return endRepeated();
  const me = regs[CPU];
  keepCpu(me);
  if (under[cpu] !== 0) {
    suspend();
    if (gaveUp) return;
    change(cpu, reason);
    dig(cpu);
  }
  lay(me, 1);
  change(cpu, reason);
  try {
    takeTurns(cpu, me);
  } catch (e) {
    return uncover(me, e);
  }
  if (!gaveUp) changeTurn(me, endOfTurn());
  lay(me, 0);
  restoreCpu(me);
  if (!gaveUp) beginSegment();
}

/** CPU 0's thread runs one execution. */
export function runNested(): void {
  gaveUp = false;
  repeats = false;
  depth = 0;
  under.fill(0);
  suspended.fill(0);
  resetSegments();
  passWith(pass);
  beginSchedule();
  const first = pickNext();
  noteTurn(0);
  takeTurns(first, NOBODY);
  if (regs[CPU] !== 0) change(0, endOfTurn());
  passWith(null);
  ctl[FINISHED] = 1;
}
