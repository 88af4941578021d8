/**
 * Loops that get nowhere: the same points over and over, with the same values in the cells.
 *
 * In lockstep nobody else runs while a CPU loops, so what it reads cannot change, and a loop that
 * waits for another CPU would go on for ever although on hardware that CPU runs alongside. A CPU that
 * has passed {@linkcode SPIN_AFTER} points in one turn is therefore looked at, point by point: if it
 * goes round with nothing changing, it must give way, or, if nobody could change anything, it is
 * stuck. The loop's own variables are not seen; they are why it must go round that often.
 *
 * Comments of constants tell what other values are worth: executions until a bug is found, relative to
 * the present value (`deno task tune`, November 2026; the table is in test/bench/README.md).
 *
 * @module
 */
import * as hashes from "../layout/hash.ts";
import * as operationWords from "../layout/operations.ts";
import * as pointWords from "../layout/points.ts";
import * as registers from "../layout/registers.ts";
import * as scheduleWords from "../layout/schedule.ts";
import * as statusWords from "../layout/status.ts";
import * as turnWords from "../layout/turns.ts";
import { views } from "../words/arena.ts";
import { addCpu, clearSet, hasCpu } from "../layout/cpu_set.ts";
import { numbering } from "../layout/numbering.ts";
import { guiltyAt } from "../calls/guilty.ts";
import { fnAt } from "../words/cpu_state.ts";
import { pointsSoFar } from "../words/countdown.ts";

const { ctl, mem, pcpu } = views();
const { FNV_PRIME, MURMUR } = hashes;
const { BASE, COUNTDOWN, LOADED, POINTS, SCHEDULE_START } = pointWords;
const { OP } = operationWords;
const { regs, BLOCK, CPU, SP } = registers;
const { EVENT_COUNTDOWN } = scheduleWords;
const { HEARTBEAT } = statusWords;
const { GIVES_WAY, SPINNING, SPIN_AT, SPUN, TURN_BEGAN } = turnWords;

/** Points of one turn after which a CPU is looked at; a loop must repeat for as many. */
export const SPIN_AFTER = 512;
/** Times a loop must have gone round without a change. With 8 or 32: no effect. */
const LAPS_MIN = 16;
/** Longest loop that is recognised, in points. With 64 or 256: no effect. */
const LONGEST = 128;
/**
 * Times the first point may come within one round of the loop, a power of two. With 4 or 16: no
 * effect.
 */
const OFTEN = 8;

const WORDS = 16;

/** What is known of the loop; one CPU spins at a time, and each Worker looks at its own. */
const w = new Int32Array(WORDS);
const word = numbering("spin", 0, WORDS);

/** Value of SPIN_AT that this look belongs to, and the execution. */
const LOOK = word();
const EXECUTION = word();
/** The first point: function, primitive, cell, value, depth. */
const FN = word();
const PRIM = word();
const ADDR = word();
const VALUE = word();
const DEPTH = word();
/** Of the round under way: points, hash, times the first point came, the lowest frame. */
const LENGTH = word();
const HASH = word();
const CAME = word();
const LOWEST = word();
/** Of the round before. */
const LAST_LENGTH = word();
const LAST_HASH = word();
/** Times the first point comes in a round; rounds that were all the same. */
const PER_ROUND = word();
const ROUNDS = word();

/** The turn of CPU `cpu` begins. One that was found spinning is looked at from its first point on. */
export function beginTurn(cpu: number): void {
  const now = pointsSoFar();
  if (ctl[GIVES_WAY] === 0) clearSet(ctl, SPINNING); // somebody has done something
  ctl[GIVES_WAY] = 0;
  ctl[TURN_BEGAN] = now;
  ctl[SPIN_AT] = now + SPIN_AFTER;
  if (!hasCpu(ctl, SPUN, cpu)) return;
  ctl[SPIN_AT] = now;
  ctl[EVENT_COUNTDOWN] -= ctl[LOADED] - ctl[COUNTDOWN];
  ctl[POINTS] = now;
  ctl[LOADED] = 1;
  ctl[COUNTDOWN] = 1;
  ctl[BASE] = now + 1 - ctl[SCHEDULE_START];
}

/** Know nothing of a loop: what comes next may have come before. */
export function forgetLook(): void {
  w[LOOK] = -1;
}

/** Look again after a while. */
export function lookLater(): void {
  ctl[SPIN_AT] = ctl[POINTS] + SPIN_AFTER;
}

function beginLook(prim: number, a: number, value: number): void {
  w[LOOK] = ctl[SPIN_AT];
  w[EXECUTION] = ctl[HEARTBEAT];
  w[FN] = fnAt(regs[SP]);
  w[PRIM] = prim;
  w[ADDR] = a;
  w[VALUE] = value;
  w[DEPTH] = regs[SP];
  w[PER_ROUND] = 1;
  w[LAST_LENGTH] = 0;
  w[ROUNDS] = 0;
  beginRound();
}

function beginRound(): void {
  w[LENGTH] = 0;
  w[HASH] = 0;
  w[CAME] = 0;
  w[LOWEST] = regs[SP];
}

/** A round has ended; whether it is one too many. */
function endRound(): boolean {
  if (w[LENGTH] === w[LAST_LENGTH] && w[HASH] === w[LAST_HASH]) {
    w[ROUNDS]++;
    if (w[ROUNDS] >= LAPS_MIN && w[ROUNDS] * w[LENGTH] >= SPIN_AFTER) return true;
  } else {
    // The first point may come more than once in a round: take more of them together.
    if (w[LAST_LENGTH] !== 0) w[PER_ROUND] *= 2;
    w[ROUNDS] = 0;
    if (w[PER_ROUND] > OFTEN) lookLater();
  }
  w[LAST_LENGTH] = w[LENGTH];
  w[LAST_HASH] = w[HASH];
  beginRound();
  return false;
}

/** Where primitive and cell go in the hash of a point, so that they hardly overlap with the function. */
const PRIM_SHIFT = 12;
const ADDR_SHIFT = 18;

/** The CPU is about to pass the point (prim, a), in a turn that has lasted; whether it spins. */
export function spins(prim: number, a: number): boolean {
  const value = mem[a]; // cell 0 belongs to nobody: what touches no cell has no value
  if (w[LOOK] !== ctl[SPIN_AT] || w[EXECUTION] !== ctl[HEARTBEAT]) {
    beginLook(prim, a, value);
    return false;
  }
  const fn = fnAt(regs[SP]);
  w[LENGTH]++;
  const where = fn ^ pcpu[regs[BLOCK] + OP]; // who begins another operation has got somewhere
  w[HASH] = Math.imul(w[HASH] ^ where ^ (prim << PRIM_SHIFT) ^ (a << ADDR_SHIFT), FNV_PRIME) ^
    Math.imul(value, MURMUR);
  if (regs[SP] < w[LOWEST]) w[LOWEST] = regs[SP];
  if (w[LENGTH] > LONGEST) {
    lookLater();
    return false;
  }
  const first = fn === w[FN] && prim === w[PRIM] && a === w[ADDR] && value === w[VALUE] &&
    regs[SP] === w[DEPTH];
  if (!first || ++w[CAME] < w[PER_ROUND]) return false;
  return endRound();
}

/** This CPU was found spinning; whether all of its turn was nothing else, so that nothing changed. */
export function noteSpin(): void {
  const whole = ctl[SPIN_AT] === ctl[TURN_BEGAN];
  addCpu(ctl, SPUN, regs[CPU]);
  if (!whole) clearSet(ctl, SPINNING);
  addCpu(ctl, SPINNING, regs[CPU]);
}

/** The function that loops. */
export function spinningIn(): number {
  return guiltyAt(w[LOWEST]);
}

/** What the loop is, in words. */
export function spinText(): string {
  const points = w[LENGTH] === 1 ? "point" : `${w[LENGTH]} points`;
  return `The same ${points}, ${w[ROUNDS] + 1} times over; nobody can change what they read.`;
}
