/**
 * How much of everything a machine has room for.
 *
 * @module
 */
import { LIMITS } from "../../prog/types.ts";

/** Most CPUs a machine may have. */
export const CPUS_MAX = 128;
/**
 * Most CPUs a kernel may have, as CONFIG_NR_CPUS says it: there a set of CPUs is one word, of those that
 * are up, of those that a grace period waits for, of those that are isolated. A machine that has more is
 * *wide*. Only programs run on it that start their CPUs themselves, as user space does.
 */
export const NR_CPUS = 32;
/** A wide machine has so many times the room for what is remembered of one execution. */
export const WIDER = 16;
/** Functions a kernel may have; sites, accesses and meetings have room for the numbers of as many. */
export const FUNCTIONS_MAX = 1024;
/** Locks one CPU may hold at once. */
export const HELD_MAX = 16;
/** Wait words lie this far apart, one cache line, so that a wake touches nobody else's line. */
export const WAKE_STRIDE = 16;
/** Words of a recorded point: see trace.ts. */
export const TRACE_WORDS = 32;
/** Points a recording can hold. */
export const TRACE_POINTS = 20_480;
/** Cells for static structures: they lie together, so that a reset copies them at once. */
export const STATIC_CELLS = 3072;
/** Cells of model memory. */
export const CELLS = 16_384;
/** Address 0 is NULL, and the first cells are never used. */
export const UNUSED_CELLS = 8;
/** Callbacks waiting for a grace period at once. */
export const RCU_CALLBACKS = 192;
/** Words of one callback: function, argument, owner, mask, then a snapshot per CPU. */
export const RCU_WORDS = 4 + NR_CPUS;
/** Work items queued per CPU at once. */
export const WORK_MAX = 64;
/** Words of a queued item: its address; its queue, and whether it is active. */
export const WORK_WORDS = 2;
/** Kworkers of one CPU at once: they lie on top of each other. */
export const WORKERS_MAX = 4;
/**
 * Meetings and turns of one execution that are remembered, if the machine is not wide, and their words;
 * see layout/meetings.ts.
 */
export const MEETINGS_MAX = 256;
export const MEETING_WORDS = 5;
export const TURNS_MAX = 256;
export const TURN_WORDS = 2;
/** Releases of locks that are remembered, and their words; as above. */
export const RELEASES_MAX = 128;
export const RELEASE_WORDS = 3;
/** States of memory that a walk came to which are remembered, and their words; see walk.ts. */
export const VISITS_MAX = 512;
export const VISIT_WORDS = 2;
/** Words that sanitizers keep for themselves (lock graph, ledgers). */
export const GHOST_WORDS = 32_768;
/** Words for the text of a finding. */
export const TEXT_WORDS = 16_384;
/** Stacks remembered per object, each {@linkcode STACK_WORDS}; see stacks.ts. */
export const STACKS_PER_OBJECT = 4;
export const STACK_WORDS = 20;
/** Objects there can be, over all types. */
export const STACK_OBJECTS = 1024;
/** Stores of values that were never written, put by for a report; see uninit.ts. */
export const ORIGINS_MAX = 256;
/** Where return values start in `slots`, and its words: one for each operation follows. */
export const RETURNS = 64;
export const SLOT_WORDS: number = RETURNS + LIMITS.ops;
/** Words for vector clocks and for what they know of cells; see clock.ts. Untouched ones cost none. */
export const CLOCK_WORDS = 1 << 20;
/** Structure types that can have objects. */
export const TYPES_MAX = 96;
/** States of an execution that fibers may keep at once, if the machine is not wide; see memory/snapshot.ts. */
export const SNAPSHOTS_MAX = 48;
/** Words of vector clocks for which a snapshot has room. */
export const SNAPSHOT_CLOCKS = 1 << 16;
