/**
 * The shared memory of a machine: one SharedArrayBuffer, cut into regions.
 *
 * Model memory is made of *cells*: a value word followed by its meta word, so that an access finds
 * both on one cache line and a reset is one copy per region. A meta word holds the cell's shadow
 * state (what KASAN and KMSAN know of it) in bits 0–2, the CPU of the last writer in bits 3–7 and
 * the site of the last write above.
 *
 * @module
 */
import { PROGRAM_WORDS, SCHEDULE_WORDS } from "../../prog/layout.ts";
import { type MachineConfig, setConfig } from "./config.ts";

/** Most CPUs a machine may have: a set of CPUs is one word. */
export const CPUS_MAX = 32;
/** Words of state per CPU; see percpu.ts. */
export const PCPU_WORDS = 64;
/** Wait words lie this far apart, one cache line, so that a wake touches nobody else's line. */
export const WAKE_STRIDE = 16;
/** Words of a recorded point: see trace.ts. */
export const TRACE_WORDS = 24;
/** Points a recording can hold. */
export const TRACE_POINTS = 20_480;
/** Cells for static structures: they lie together, so that a reset copies them at once. */
export const STATIC_CELLS = 3072;
/** Cells of model memory. */
export const CELLS = 16_384;
/** Callbacks waiting for a grace period at once. */
export const RCU_CALLBACKS = 192;
/** Words of one callback: function, argument, owner, mask, then a snapshot per CPU. */
export const RCU_WORDS = 4 + CPUS_MAX;
/** Work items queued per CPU at once. */
export const WORK_MAX = 64;
/** Bits of a bucket of the coverage map: it was seen; CPUs met at this point once. */
export const SEEN_YES = 1;
export const SEEN_MEETING = 2;
/** Meetings and turns of one execution that are remembered, and their words; see meeting.ts. */
export const MEETINGS_MAX = 256;
export const MEETING_WORDS = 4;
export const TURNS_MAX = 256;
export const TURN_WORDS = 2;
/** Buckets of the coverage map, a power of two. */
export const FEATURES = 1 << 16;
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
/** Where return values start in `slots`. */
export const RETURNS = 64;
/** Words for vector clocks and for what they know of cells; see clock.ts. Untouched ones cost none. */
export const CLOCK_WORDS = 1 << 20;
/** Structure types that can have objects. */
export const TYPES_MAX = 64;
/** Words per structure type in `slab`; see slab.ts. */
export const SLAB_WORDS = 4;
/** Words for the schedule: a numeric one, or up to 256 symbolic steps of 8 words. */
const SCHED_WORDS = Math.max(SCHEDULE_WORDS, 2 + 256 * 8);

interface Region {
  readonly at: number;
  readonly words: number;
}

let top = 0;
function region(words: number): Region {
  const at = top;
  // Regions start on a cache line of their own.
  top += (words + 15) & ~15;
  return { at, words };
}

const CTL = region(1024);
const PCPU = region(CPUS_MAX * PCPU_WORDS);
const WAKE = region(CPUS_MAX * WAKE_STRIDE);
const PROG = region(PROGRAM_WORDS);
const SCHED = region(SCHED_WORDS);
const SLOTS = region(128);
const SLAB = region(TYPES_MAX * SLAB_WORDS);
const RCU = region(RCU_CALLBACKS * RCU_WORDS);
const WORK = region(CPUS_MAX * WORK_MAX);
const GHOST = region(GHOST_WORDS);
const STACKS = region(STACK_OBJECTS * STACKS_PER_OBJECT * STACK_WORDS);
const ORIGINS = region(CPUS_MAX * 4 + 1 + ORIGINS_MAX * (2 + STACK_WORDS));
const QUARANTINE = region(STACK_OBJECTS);
const TEXT = region(TEXT_WORDS);
const SEEN = region(FEATURES / 4);
const MEETINGS = region(MEETING_WORDS * MEETINGS_MAX);
const TURNS = region(TURN_WORDS * TURNS_MAX);
const WROTE = region(CELLS);
const TRACE = region(TRACE_POINTS * TRACE_WORDS);
const MEM = region(2 * CELLS);
const IMAGE = region(2 * CELLS);
const BOOTED = region(2 * CELLS);
const CLOCKS = region(CLOCK_WORDS);
const CELL_CLOCKS = region(4 * CELLS);

/** Bytes of the whole arena. */
export const ARENA_BYTES = top * 4;

// The views are set by attach(), before any module that uses them is loaded. Those take them into
// constants of their own: the compiler folds a module's constants, and with them the address and
// length of the memory, into the code; through an import it would load all three at every access.

/** Control words of the machine; indices in control.ts. */
export let ctl: Int32Array;
/** State per CPU; indices in percpu.ts. */
export let pcpu: Int32Array;
/** Wait words, {@linkcode WAKE_STRIDE} apart. */
export let wake: Int32Array;
/** The packed program. */
export let prog: Int32Array;
/** The packed schedule. */
export let sched: Int32Array;
/** Results of operations: addresses, or 0; from {@linkcode RETURNS} on, their return values. */
export let slots: Int32Array;
/** Per structure type: what its slab counts; see slab.ts. */
export let slab: Int32Array;
/** Free-running mode: freed objects in the order in which they were freed, a ring per type. */
export let quarantine: Int32Array;
export let rcu: Int32Array;
export let work: Int32Array;
/** Words of the sanitizers, out of reach of the kernel. */
export let ghost: Int32Array;
export let stacks: Int32Array;
/** Vector clocks; see clock.ts. */
export let clocks: Int32Array;
/** Per cell, where its clocks are. */
export let cellClocks: Int32Array;
/** Where values that were never written come from; see uninit.ts. */
export let origins: Int32Array;
export let text: Int32Array;
/** Coverage: {@linkcode SEEN_YES} where a feature was seen, {@linkcode SEEN_MEETING} in addition. */
export let seen: Uint8Array;
/** Where schedules are best changed, and who ran when; see meeting.ts. */
export let meetings: Int32Array;
export let turns: Int32Array;
/** Position of the last write to each cell, if this execution's schedule made it. */
export let wrote: Int32Array;
export let trace: Int32Array;
/** Model memory: cells of value and meta. */
export let mem: Int32Array;
/** Model memory as it was when the kernel had booted, for resets. */
export let image: Int32Array;
/** Model memory and image in one view, for copying; see {@linkcode MEM_AT}. */
export let all: Int32Array;
export const MEM_AT = MEM.at;
export const IMAGE_AT = IMAGE.at;
/** Model memory as it was when the boot operations of the current program were done. */
export const BOOTED_AT = BOOTED.at;
/** Countdown and novelty counter: the control words in lockstep mode, private ones otherwise. */
export let hot: Int32Array;
/** The whole buffer, to hand to further Workers. */
export let buffer: SharedArrayBuffer;

/** Make an arena, or use one that another Worker made. */
export function attach(c: MachineConfig, shared?: SharedArrayBuffer): SharedArrayBuffer {
  setConfig(c);
  const sab = shared ?? new SharedArrayBuffer(ARENA_BYTES);
  if (sab.byteLength !== ARENA_BYTES) {
    throw new RangeError(`Cannot attach: an arena has ${ARENA_BYTES} bytes, not ${sab.byteLength}`);
  }
  const view = (r: Region) => new Int32Array(sab, r.at * 4, r.words);
  buffer = sab;
  ctl = view(CTL);
  pcpu = view(PCPU);
  wake = view(WAKE);
  prog = view(PROG);
  sched = view(SCHED);
  slots = view(SLOTS);
  slab = view(SLAB);
  quarantine = view(QUARANTINE);
  rcu = view(RCU);
  work = view(WORK);
  ghost = view(GHOST);
  stacks = view(STACKS);
  origins = view(ORIGINS);
  text = view(TEXT);
  // Free-running CPUs would only fight over these cache lines.
  seen = c.free ? new Uint8Array(FEATURES) : new Uint8Array(sab, SEEN.at * 4, FEATURES);
  hot = c.free ? new Int32Array(64) : ctl;
  all = new Int32Array(sab);
  FREE = c.free;
  KCSAN = c.kcsan !== "off" && !c.free;
  clocks = view(CLOCKS);
  cellClocks = view(CELL_CLOCKS);
  meetings = view(MEETINGS);
  turns = view(TURNS);
  wrote = view(WROTE);
  trace = view(TRACE);
  mem = view(MEM);
  image = view(IMAGE);
  return sab;
}

/** Whether the machine runs free of the baton. */
export let FREE = false;
/** Whether clocks are kept and races looked for. */
export let KCSAN = false;
