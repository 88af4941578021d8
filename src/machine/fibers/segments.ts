/**
 * The segments of a CPU's turn: from where it gets the baton to where it passes it on.
 *
 * A snapshot at the beginning of each is enough to run the turn again up to where it stands: what
 * other CPUs did in between is in the snapshots.
 *
 * @module
 */
import * as sizes from "../layout/sizes.ts";
import { snapshotsOf } from "../layout/regions.ts";
import { isWide } from "../words/config.ts";
import { fitsSnapshot, takeSnapshot } from "../memory/snapshot.ts";

const { CPUS_MAX } = sizes;
const SNAPSHOTS_MAX = snapshotsOf(isWide);

/** Number of segments of each CPU, and the snapshots at their beginnings. */
const count = new Int32Array(CPUS_MAX);
const snapshots = new Int32Array(CPUS_MAX * SNAPSHOTS_MAX);
/** Snapshots that are not in use: a stack of their numbers. */
const free = new Int32Array(SNAPSHOTS_MAX);
let nfree = 0;

/** An execution begins: no CPU has begun. */
export function resetSegments(): void {
  count.fill(0);
  for (let i = 0; i < SNAPSHOTS_MAX; i++) free[i] = i;
  nfree = SNAPSHOTS_MAX;
}

/** Make a snapshot that belongs to no segment; -1 if there is no room for it. */
export function makeSnapshot(): number {
  if (nfree === 0 || !fitsSnapshot()) return -1;
  const i = free[--nfree];
  takeSnapshot(i);
  return i;
}

/** Add a segment of CPU `cpu` that begins with snapshot `i`. */
export function addSegment(cpu: number, i: number): void {
  snapshots[cpu * SNAPSHOTS_MAX + count[cpu]++] = i;
}

/** Number of segments of CPU `cpu`. */
export function segmentsOf(cpu: number): number {
  return count[cpu];
}

/** The snapshot at the beginning of segment `k` of CPU `cpu`. */
export function snapshotOf(cpu: number, k: number): number {
  return snapshots[cpu * SNAPSHOTS_MAX + k];
}

/** A snapshot is not needed any more. */
export function dropSnapshot(i: number): void {
  free[nfree++] = i;
}

/** The turn of CPU `cpu` need not be run again. */
export function dropSegments(cpu: number): void {
  while (count[cpu] > 0) dropSnapshot(snapshotOf(cpu, --count[cpu]));
}
