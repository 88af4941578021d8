/**
 * Where the regions of the arena lie.
 *
 * @module
 */
import { EVENT_WORDS, PROGRAM_WORDS, SCHEDULE_WORDS } from "../../prog/layout.ts";
import { LIMITS } from "../../prog/types.ts";
import { CONTROL_WORDS } from "./control.ts";
import { PER_ADDRESS } from "./clock_words.ts";
import { SYMBOLIC_WORDS } from "./steps.ts";
import { CELL_WORDS } from "./meta.ts";
import { ORIGIN_REGION_WORDS } from "./origins.ts";
import { SLAB_WORDS } from "./slab.ts";
import { PCPU_WORDS } from "./percpu.ts";
import { FEATURES } from "./features.ts";
import {
  CELLS,
  CLOCK_WORDS,
  CPUS_MAX,
  GHOST_WORDS,
  MEETING_WORDS,
  MEETINGS_MAX,
  RCU_CALLBACKS,
  RCU_WORDS,
  RELEASE_WORDS,
  RELEASES_MAX,
  SLOT_WORDS,
  SNAPSHOT_CLOCKS,
  SNAPSHOTS_MAX,
  STACK_OBJECTS,
  STACK_WORDS,
  STACKS_PER_OBJECT,
  TEXT_WORDS,
  TRACE_POINTS,
  TRACE_WORDS,
  TURN_WORDS,
  TURNS_MAX,
  TYPES_MAX,
  VISIT_WORDS,
  VISITS_MAX,
  WAKE_STRIDE,
  WIDER,
  WORK_MAX,
  WORK_WORDS,
} from "./sizes.ts";

/** Words of a region, and where they begin. */
export interface Region {
  readonly at: number;
  readonly words: number;
}

/** Bytes of a word. */
export const WORD_BYTES = 4;

/** Words of a cache line: regions start on a line of their own. */
const LINE = 16;

let top = 0;
function region(words: number): Region {
  const at = top;
  top += Math.ceil(words / LINE) * LINE;
  return { at, words };
}

/** Words that a snapshot may need: all that an execution changes. */
export const SNAPSHOT_WORDS: number = CONTROL_WORDS + CPUS_MAX * PCPU_WORDS + SLOT_WORDS +
  TYPES_MAX * SLAB_WORDS + RCU_CALLBACKS * RCU_WORDS + CPUS_MAX * WORK_MAX * WORK_WORDS +
  GHOST_WORDS +
  CELLS + CELL_WORDS * CELLS + SNAPSHOT_CLOCKS + PER_ADDRESS * CELL_WORDS * CELLS;

/** All regions, in the order in which they lie. */
export const REGIONS = {
  ctl: region(CONTROL_WORDS),
  pcpu: region(CPUS_MAX * PCPU_WORDS),
  wake: region(CPUS_MAX * WAKE_STRIDE),
  prog: region(PROGRAM_WORDS),
  sched: region(Math.max(SCHEDULE_WORDS, SYMBOLIC_WORDS)),
  slots: region(SLOT_WORDS),
  slab: region(TYPES_MAX * SLAB_WORDS),
  rcu: region(RCU_CALLBACKS * RCU_WORDS),
  work: region(CPUS_MAX * WORK_MAX * WORK_WORDS),
  ghost: region(GHOST_WORDS),
  stacks: region(STACK_OBJECTS * STACKS_PER_OBJECT * STACK_WORDS),
  origins: region(ORIGIN_REGION_WORDS),
  quarantine: region(STACK_OBJECTS),
  text: region(TEXT_WORDS),
  seen: region(FEATURES / WORD_BYTES),
  meetings: region(WIDER * MEETING_WORDS * MEETINGS_MAX),
  turns: region(WIDER * TURN_WORDS * TURNS_MAX),
  releases: region(WIDER * RELEASE_WORDS * RELEASES_MAX),
  walked: region(EVENT_WORDS * LIMITS.events),
  visits: region(VISIT_WORDS * VISITS_MAX),
  wrote: region(CELLS),
  trace: region(TRACE_POINTS * TRACE_WORDS),
  mem: region(CELL_WORDS * CELLS),
  image: region(CELL_WORDS * CELLS),
  booted: region(CELL_WORDS * CELLS),
  clocks: region(CLOCK_WORDS),
  cellClocks: region(PER_ADDRESS * CELL_WORDS * CELLS),
  /** The last one: a wide machine has more of them. */
  snapshots: region(SNAPSHOTS_MAX * SNAPSHOT_WORDS),
} satisfies Record<string, Region>;

/** Snapshots for which an arena has room. */
export function snapshotsOf(isWide: boolean): number {
  return isWide ? WIDER * SNAPSHOTS_MAX : SNAPSHOTS_MAX;
}

/** Bytes of the whole arena. */
export function arenaBytes(isWide: boolean): number {
  return (REGIONS.snapshots.at + snapshotsOf(isWide) * SNAPSHOT_WORDS) * WORD_BYTES;
}

/** Model memory in the view of everything, its image, and its image after the boot operations. */
export const MEM_AT: number = REGIONS.mem.at;
export const IMAGE_AT: number = REGIONS.image.at;
export const BOOTED_AT: number = REGIONS.booted.at;
