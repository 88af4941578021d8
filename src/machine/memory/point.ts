/**
 * The schedule point: what every access to shared memory passes first.
 *
 * This is the hot path. A point costs a countdown, two coverage lookups and a shadow check; only
 * when the countdown ends does anything decide about schedules. It comes *before* the access, so a
 * CPU that is stopped here has not done it yet.
 *
 * @module
 */
import * as features from "../layout/features.ts";
import * as hashes from "../layout/hash.ts";
import * as metaLayout from "../layout/meta.ts";
import * as pointWords from "../layout/points.ts";
import * as registers from "../layout/registers.ts";
import * as states from "../layout/shadow_states.ts";
import { views } from "../words/arena.ts";
import { lastSite, lastWriter, stateOf, withState } from "../layout/meta.ts";
import { readingPrimitives } from "../layout/primitives.ts";
import { novel } from "./coverage.ts";
import { meet, noteMeeting } from "./note_meetings.ts";
import { decide } from "../hooks/mode.ts";
import { badRead, badWrite } from "./shadow.ts";

const { hot, mem, seen, wrote } = views();
const { HALF, HALF_SHIFT, SEEN_MEETING, SEEN_YES } = features;
const { GOLDEN, MURMUR } = hashes;
const { META, SITE_SHIFT, STATE_MASK, TAG_MASK } = metaLayout;
const { BASE, COUNTDOWN } = pointWords;
const { regs, EDGE, PREV, SITE, TAG } = registers;
const { LIVE } = states;

/** How far the site before is moved, so that the path A, B is not the path B, A. */
const PREV_SHIFT = 3;

/** Primitives that only read, 1 each. */
const READS = readingPrimitives();

/** A path that was never taken, or one to a point at which CPUs have met. */
function notable(e: number, prim: number, a: number): void {
  const s = seen[e];
  if (s === 0) novel(e);
  if ((s & SEEN_MEETING) !== 0) noteMeeting(e, a, READS[prim] === 0);
}

/**
 * Pass a point that touches no cell, or one whose cell is checked by the caller.
 * Returns the site: function and number of the point within this call.
 */
export function point(prim: number, a: number): number {
  const site = regs[SITE] + 1;
  regs[SITE] = site;
  const e = ((regs[PREV] << PREV_SHIFT) ^ site) & (HALF - 1);
  regs[PREV] = site;
  regs[EDGE] = e;
  // One comparison for two questions here too.
  if (seen[e] !== SEEN_YES) notable(e, prim, a);
  const left = hot[COUNTDOWN] - 1;
  hot[COUNTDOWN] = left;
  if (left <= 0) decide(prim, a);
  return site;
}

/** A read of what another actor wrote, or of a cell that is not in order. */
function foreign(m: number, site: number, a: number, writes: boolean): void {
  if (stateOf(m) !== LIVE) badRead(a, m);
  const writer = lastSite(m);
  if (writer === 0) return; // written before the schedule began, or never
  meet(regs[EDGE], a, lastWriter(regs[TAG]), lastWriter(m), writes);
  const f = HALF | ((Math.imul(writer, MURMUR) ^ Math.imul(site, GOLDEN)) >>> HALF_SHIFT);
  if (seen[f] === 0) novel(f);
}

/** Pass the point before a read of the cell at `a`. */
export function pointRead(prim: number, a: number): void {
  const site = point(prim, a);
  const m = mem[a + META];
  // One comparison for two questions: is the cell in order, and was it this actor that wrote it.
  if ((m & TAG_MASK) !== regs[TAG]) foreign(m, site, a, false);
}

/** A write over what another actor wrote, or to a cell that is not in order. */
function overwrite(m: number, a: number): void {
  if (stateOf(m) !== LIVE) badWrite(a, m);
  if (lastSite(m) !== 0) meet(regs[EDGE], a, lastWriter(regs[TAG]), lastWriter(m), true);
}

/** Pass the point before a write to the cell at `a`. */
export function pointWrite(prim: number, a: number): void {
  const site = point(prim, a);
  const m = mem[a + META];
  if ((m & TAG_MASK) !== regs[TAG]) overwrite(m, a);
  mem[a + META] = (site << SITE_SHIFT) | regs[TAG];
  wrote[a >> 1] = hot[BASE] - hot[COUNTDOWN];
}

/** Pass the point before an atomic read and write of the cell at `a`. */
export function pointRmw(prim: number, a: number): void {
  const site = point(prim, a);
  const m = mem[a + META];
  if ((m & TAG_MASK) !== regs[TAG]) {
    // It reads as well; but where it must not write, that is what KASAN says of it.
    if (stateOf(m) !== LIVE) badWrite(a, m);
    foreign(m, site, a, true);
  }
  mem[a + META] = (site << SITE_SHIFT) | regs[TAG];
  wrote[a >> 1] = hot[BASE] - hot[COUNTDOWN];
}

/** Pass the point before a lock is taken: who took it last is met like who wrote a cell last. */
export function pointLock(prim: number, a: number): void {
  const site = point(prim, a);
  const m = mem[a + META];
  if ((m & TAG_MASK) !== regs[TAG]) foreign(withState(m, LIVE), site, a, true);
  mem[a + META] = (site << SITE_SHIFT) | regs[TAG] | (m & STATE_MASK);
  wrote[a >> 1] = hot[BASE] - hot[COUNTDOWN];
}
