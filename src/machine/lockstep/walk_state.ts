/**
 * What a walk knows: before which access each CPU stands, and what memory has become.
 *
 * The state of memory is a hash: each access that changes a cell takes the old value out and puts the
 * new one in. Two executions of a program that gave the cells the same values come to the same state, in
 * whatever order they did it. Only values at points count, and only since the schedule began.
 *
 * Every access is told of when its CPU has the baton and is about to make it; what it has done is seen
 * when the next one begins. So nothing is left to do after a switch, and an execution by fibers can run
 * a turn again (fibers/nested.ts).
 *
 * @module
 */
import * as cpuWords from "../layout/cpus.ts";
import * as hashes from "../layout/hash.ts";
import * as pointWords from "../layout/points.ts";
import * as sizes from "../layout/sizes.ts";
import * as walkWords from "../layout/walk.ts";
import { views } from "../words/arena.ts";
import { xorshift } from "../layout/hash.ts";
import { accessedCell, isWriting } from "../layout/walk.ts";

const { ctl, mem, visits } = views();
const { NCPUS } = cpuWords;
const { GOLDEN, MURMUR } = hashes;
const { POINTS, SCHEDULE_START } = pointWords;
const { VISITS_MAX, VISIT_WORDS } = sizes;
const {
  NEXT_ACCESS,
  NEXT_PRIORITY,
  NVISITS,
  NWALKED,
  V_POSITION,
  V_STATE,
  WALKING,
  WALK_CELL,
  WALK_CPU,
  WALK_RANDOM,
  WALK_STATE,
  WALK_VALUE,
  WALK_WRITES,
} = walkWords;

/** Bits that the hash of a value is folded by. */
const FOLD = 15;

/** An execution begins: nobody walks. */
export function resetWalk(): void {
  ctl[WALKING] = 0;
  ctl[NWALKED] = 0;
  ctl[NVISITS] = 0;
  ctl[WALK_CELL] = 0;
  for (let c = 0; c < ctl[NCPUS]; c++) ctl[NEXT_ACCESS + c] = 0;
}

/** A random word, from the seed of the schedule. */
export function random(): number {
  return ctl[WALK_RANDOM] = xorshift(ctl[WALK_RANDOM]);
}

/** Points of the schedule so far. */
export function position(): number {
  return ctl[POINTS] - ctl[SCHEDULE_START];
}

/** What a cell with this value adds to the hash of memory. */
function hashOf(a: number, value: number): number {
  const x = Math.imul(Math.imul(a, GOLDEN) ^ value, MURMUR);
  return Math.imul(x ^ (x >>> FOLD), GOLDEN);
}

/** CPU `cpu` makes the access before which it stands. */
export function beginAccess(cpu: number): void {
  endAccess();
  const access = ctl[NEXT_ACCESS + cpu];
  const a = accessedCell(access);
  ctl[WALK_CELL] = a;
  ctl[WALK_WRITES] = isWriting(access) ? 1 : 0;
  ctl[WALK_VALUE] = mem[a];
  ctl[WALK_CPU] = cpu;
  ctl[NEXT_ACCESS + cpu] = 0;
}

/** The access under way, if there is one, has been made. */
export function endAccess(): void {
  const a = ctl[WALK_CELL];
  if (a === 0) return;
  ctl[WALK_CELL] = 0;
  reprioritize(a, ctl[WALK_WRITES] !== 0);
  const before = ctl[WALK_VALUE];
  const after = mem[a];
  if (before !== after) ctl[WALK_STATE] ^= hashOf(a, before) ^ hashOf(a, after);
}

/** CPUs that stand before an access that races with the one to the cell at `a` get other priorities. */
function reprioritize(a: number, writes: boolean): void {
  for (let c = 0; c < ctl[NCPUS]; c++) {
    const access = ctl[NEXT_ACCESS + c];
    if (accessedCell(access) !== a || c === ctl[WALK_CPU]) continue;
    if (writes || isWriting(access)) ctl[NEXT_PRIORITY + c] = random();
  }
}

/** Before the next point, memory is in the state that it has now. */
export function noteVisit(): void {
  const n = ctl[NVISITS];
  if (n >= VISITS_MAX) return;
  const v = VISIT_WORDS * n;
  if (n > 0 && visits[v - VISIT_WORDS + V_STATE] === ctl[WALK_STATE]) return;
  visits[v + V_POSITION] = position();
  visits[v + V_STATE] = ctl[WALK_STATE];
  ctl[NVISITS] = n + 1;
}
