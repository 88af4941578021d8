/**
 * Snapshots: all that a running execution has changed, so that a part of it can be run again.
 *
 * They lie in the arena, where a copy is one call. Not in them: the coverage map, where what is
 * seen again changes nothing; the recorded trace, into which the same points are written again; and
 * the lists of meetings and turns, which {@linkcode hushLists} closes.
 *
 * @module
 */
import * as callbackWords from "../layout/callbacks.ts";
import * as clockWords from "../layout/clock_words.ts";
import * as control from "../layout/control.ts";
import * as cpuWords from "../layout/cpus.ts";
import * as meetingWords from "../layout/meetings.ts";
import * as percpu from "../layout/percpu.ts";
import * as regions from "../layout/regions.ts";
import * as sizes from "../layout/sizes.ts";
import * as slabWords from "../layout/slab.ts";
import { views } from "../words/arena.ts";
import { slabAt } from "../layout/slab.ts";
import * as layout from "../../prog/layout.ts";
import { keepLengths, keptCount } from "../words/ghost_words.ts";
import { restoreObjects, slabs } from "./image.ts";
import { staticEnd } from "./struct.ts";

const { all, cellClocks, clocks, ctl, prog, sched, slab, KCSAN } = views();
const { RCU_TAIL } = callbackWords;
const { BREAK, PER_ADDRESS } = clockWords;
const { WALK_WORDS } = control;
const { NCPUS } = cpuWords;
const { NMEETINGS, NTURNS } = meetingWords;
const { PCPU_WORDS } = percpu;
const { IMAGE_AT, MEM_AT, REGIONS, SNAPSHOT_WORDS } = regions;
const {
  MEETINGS_MAX,
  RCU_CALLBACKS,
  RCU_WORDS,
  RETURNS,
  SNAPSHOT_CLOCKS,
  TURNS_MAX,
  WIDER,
  WORK_MAX,
  WORK_WORDS,
} = sizes;
const { USED } = slabWords;
const { P_NOPS, S_WALK } = layout;

const CTL_AT = REGIONS.ctl.at;
const CTL_WORDS = REGIONS.ctl.words;
const SLAB_AT = REGIONS.slab.at;
const SLAB_REGION_WORDS = REGIONS.slab.words;
const SLOTS_AT = REGIONS.slots.at;
const PCPU_AT = REGIONS.pcpu.at;
const WORK_AT = REGIONS.work.at;
const RCU_AT = REGIONS.rcu.at;
const GHOST_AT = REGIONS.ghost.at;
const WROTE_AT = REGIONS.wrote.at;
const CLOCKS_AT = REGIONS.clocks.at;
const CELL_CLOCKS_AT = REGIONS.cellClocks.at;
const SNAPSHOTS_AT = REGIONS.snapshots.at;

function startOf(i: number): number {
  return SNAPSHOTS_AT + i * SNAPSHOT_WORDS;
}

/** Whether a snapshot has room for what there is now. */
export function fitsSnapshot(): boolean {
  return !KCSAN || clocks[BREAK] <= SNAPSHOT_CLOCKS;
}

/** Control words that an execution under this schedule changes: those of a walk only if it ends in one. */
function controlWords(): number {
  return sched[S_WALK] === 0 ? CTL_WORDS - WALK_WORDS : CTL_WORDS;
}

/** Make snapshot `i`. */
export function takeSnapshot(i: number): void {
  const at = startOf(i);
  all.copyWithin(at, CTL_AT, CTL_AT + controlWords());
  all.copyWithin(at + CTL_WORDS, SLAB_AT, SLAB_AT + SLAB_REGION_WORDS);
  copyRest(at + CTL_WORDS + SLAB_REGION_WORDS, true);
}

/** Put everything back as it was at snapshot `i`. Nothing may have been handed out before and lost. */
export function restoreSnapshot(i: number): void {
  const at = startOf(i);
  forgetLater(at + CTL_WORDS);
  all.copyWithin(CTL_AT, at, at + controlWords());
  all.copyWithin(SLAB_AT, at + CTL_WORDS, at + CTL_WORDS + SLAB_REGION_WORDS);
  copyRest(at + CTL_WORDS + SLAB_REGION_WORDS, false);
}

/** What was handed out after a snapshot, whose copy of the slab counters is at `at`, never was. */
function forgetLater(at: number): void {
  const types = slabs();
  for (let i = 0; i < types.length; i++) {
    const t = types[i];
    const used = slabAt(t.id) + USED;
    const had = all[at + used];
    if (slab[used] <= had) continue;
    restoreObjects(t, IMAGE_AT, had, slab[used]);
    if (!KCSAN) continue;
    const from = PER_ADDRESS * (t.base + had * t.stride);
    cellClocks.fill(0, from, PER_ADDRESS * (t.base + slab[used] * t.stride + t.redzone));
  }
}

/** Copy `n` words between a region and a snapshot; returns where the next ones go in the snapshot. */
function copy(at: number, region: number, n: number, take: boolean): number {
  if (take) all.copyWithin(at, region, region + n);
  else all.copyWithin(region, at, at + n);
  return at + n;
}

/** Copy `n` words of cells from address `a` on, and all that is known of them. */
function copyCells(start: number, a: number, n: number, take: boolean): number {
  let at = copy(start, MEM_AT + a, n, take);
  at = copy(at, WROTE_AT + (a >> 1), n >> 1, take);
  return KCSAN ? copy(at, CELL_CLOCKS_AT + PER_ADDRESS * a, PER_ADDRESS * n, take) : at;
}

/** Copy what control words and slab counters tell the size of. */
function copyRest(start: number, take: boolean): void {
  let at = copy(start, SLOTS_AT, RETURNS + prog[P_NOPS], take);
  at = copy(at, PCPU_AT, ctl[NCPUS] * PCPU_WORDS, take);
  at = copy(at, WORK_AT, ctl[NCPUS] * WORK_MAX * WORK_WORDS, take);
  at = copy(at, RCU_AT, Math.min(ctl[RCU_TAIL], RCU_CALLBACKS) * RCU_WORDS, take);
  if (!take) keepLengths(all, at);
  at = copy(at, GHOST_AT, keptCount(), take);
  if (KCSAN) {
    // The number of words is among them: put back first.
    if (!take) clocks[BREAK] = all[at + BREAK];
    at = copy(at, CLOCKS_AT, clocks[BREAK], take);
  }
  at = copyCells(at, 0, staticEnd(), take);
  const types = slabs();
  for (let i = 0; i < types.length; i++) {
    const { base, id, redzone, stride } = types[i];
    const n = slab[slabAt(id) + USED] * stride;
    if (n > 0) at = copyCells(at, base, n + redzone, take);
  }
}

/** Note no meetings and turns: they are noted already. Until a snapshot is restored. */
export function hushLists(): void {
  ctl[NMEETINGS] = WIDER * MEETINGS_MAX;
  ctl[NTURNS] = WIDER * TURNS_MAX;
}
