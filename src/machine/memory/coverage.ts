/**
 * The coverage map, and how often each abstract state was come to.
 *
 * Both outlive an execution; memory, ghost words and clocks do not. While the log is open, it
 * remembers what they were before each change, so that an execution can be taken back as if it had
 * never run. Changes are rare once a campaign has run for a second.
 *
 * @module
 */
import * as features from "../layout/features.ts";
import * as hashes from "../layout/hash.ts";
import * as pointWords from "../layout/points.ts";
import { views } from "../words/arena.ts";

const { hot, seen } = views();
const { FEATURES, HALF, HALF_SHIFT, SEEN_MEETING, SEEN_YES } = features;
const { GOLDEN } = hashes;
const { NOVEL } = pointWords;

/** How often each abstract state was come to; only CPU 0 looks at states. */
export const stateCounts = new Uint32Array(HALF);
let rarest = 0;
let whose = 0;

/**
 * The log: a word for each change of the map, which is the feature and, above, what the map said of
 * it. An execution changes a feature at most twice: it is seen, and CPUs meet at it.
 */
const changes = new Int32Array(2 * FEATURES);
const WAS_SHIFT = 24;
/** States that were come to; an array that grows, because a target looks as often as it likes. */
const states: number[] = [];
let nchanges = 0;
let nstates = 0;
let rarestBefore = 0;
let whoseBefore = 0;
let isOpen = false;

/** Begin to remember changes. */
export function openLog(): void {
  nchanges = 0;
  nstates = 0;
  rarestBefore = rarest;
  whoseBefore = whose;
  isOpen = true;
}

/** What was done since {@linkcode openLog} stays. */
export function closeLog(): void {
  isOpen = false;
}

/** Everything is as it was at {@linkcode openLog}; not the count of new features. */
export function takeBack(): void {
  isOpen = false;
  while (nchanges > 0) {
    const c = changes[--nchanges];
    seen[c & (FEATURES - 1)] = c >>> WAS_SHIFT;
  }
  while (nstates > 0) stateCounts[states[--nstates] - HALF]--;
  rarest = rarestBefore;
  whose = whoseBefore;
}

function change(feature: number, to: number): void {
  const was = seen[feature];
  if (isOpen && was !== to) changes[nchanges++] = feature | (was << WAS_SHIFT);
  seen[feature] = to;
}

/** A feature is seen for the first time. */
export function novel(feature: number): void {
  change(feature, SEEN_YES);
  hot[NOVEL]++;
}

/** CPUs meet at the point whose path has this key. */
export function markMeeting(key: number): void {
  change(key, seen[key] | SEEN_MEETING);
}

/** A feature from elsewhere, the abstract state of a CPU; spread over the whole map. */
export function feature(hash: number, cpu: number): void {
  const f = HALF | (Math.imul(hash, GOLDEN) >>> HALF_SHIFT);
  if (seen[f] === 0) novel(f);
  if (isOpen) states[nstates++] = f;
  const n = ++stateCounts[f - HALF];
  if (rarest !== 0 && n >= stateCounts[rarest - HALF]) return;
  rarest = f;
  whose = cpu;
}

/** The abstract state that is the rarest among those seen since the last call; 0 if there was none. */
export function rarestState(): number {
  const f = rarest;
  rarest = 0;
  return f === 0 ? 0 : f - HALF;
}

/** The CPU that was last in the state that {@linkcode rarestState} told last. */
export function rarestCpu(): number {
  return whose;
}
