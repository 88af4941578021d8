/**
 * The shared memory of a machine: one SharedArrayBuffer, cut into regions.
 *
 * Model memory is made of *cells*: a value word followed by its meta word, so that an access finds
 * both on one cache line and a reset is one copy per region. What is in a meta word is told in
 * meta.ts.
 *
 * A module takes the views that it needs into constants of its own when it is loaded:
 * `const { ctl, mem } = views();`. The compiler folds a module's constants, and with them the address
 * and length of the memory, into the code. So an arena must be attached before any such module is
 * loaded; load.ts sees to that, and {@linkcode views} throws where it was forgotten.
 *
 * @module
 */
import { isWide, type MachineConfig, setConfig } from "./config.ts";
import { HOT_WORDS } from "../layout/control.ts";
import { FEATURES } from "../layout/features.ts";
import { arenaBytes, type Region, REGIONS, WORD_BYTES } from "../layout/regions.ts";

/** The arena, region by region, and what of the configuration the code must know as constants. */
export interface Views {
  /** The whole buffer, to hand to further Workers. */
  readonly buffer: SharedArrayBuffer;
  /** Control words of the machine; see control/. */
  readonly ctl: Int32Array;
  /** State per CPU; indices in percpu.ts. */
  readonly pcpu: Int32Array;
  /** Wait words, one per CPU; see wake.ts. */
  readonly wake: Int32Array;
  /** The packed program. */
  readonly prog: Int32Array;
  /** The packed schedule. */
  readonly sched: Int32Array;
  /** Results of operations: addresses, or 0; from RETURNS on, their return values. */
  readonly slots: Int32Array;
  /** Per structure type: what its slab counts; see slab.ts. */
  readonly slab: Int32Array;
  /** Free-running mode: freed objects in the order in which they were freed, a ring per type. */
  readonly quarantine: Int32Array;
  /** Callbacks that wait for a grace period; see context/grace.ts. */
  readonly rcu: Int32Array;
  /** Work items queued per CPU; see context/work.ts. */
  readonly work: Int32Array;
  /** Words of the sanitizers, out of reach of the kernel. */
  readonly ghost: Int32Array;
  /** Who allocated and freed what; see record/stacks.ts. */
  readonly stacks: Int32Array;
  /** Vector clocks; see clocks/clock.ts. */
  readonly clocks: Int32Array;
  /** Per cell, where its clocks are. */
  readonly cellClocks: Int32Array;
  /** Where values that were never written come from; see memory/uninit.ts. */
  readonly origins: Int32Array;
  /** The text of a finding. */
  readonly text: Int32Array;
  /** Coverage, a byte per feature; see features.ts. */
  readonly seen: Uint8Array;
  /** Where schedules are best changed, and who ran when; see control/meetings.ts. */
  readonly meetings: Int32Array;
  readonly turns: Int32Array;
  readonly releases: Int32Array;
  /** Events that a walk has come to, and the states of memory on its way; see layout/walk.ts. */
  readonly walked: Int32Array;
  readonly visits: Int32Array;
  /** Position of the last write to each cell, if this execution's schedule made it. */
  readonly wrote: Int32Array;
  /** Recorded points; see record/trace.ts. */
  readonly trace: Int32Array;
  /** Model memory: cells of value and meta. */
  readonly mem: Int32Array;
  /** Model memory as it was when the kernel had booted, for resets. */
  readonly image: Int32Array;
  /** Everything in one view, for copying; see MEM_AT. */
  readonly all: Int32Array;
  /** The words that points touch: the control words in lockstep mode, private ones otherwise. */
  readonly hot: Int32Array;
  /** Whether the machine runs free of the baton. */
  readonly FREE: boolean;
  /** Whether clocks are kept and races looked for. */
  readonly KCSAN: boolean;
}

/** Views of an arena, for a machine of that configuration. */
export function viewsOf(buffer: SharedArrayBuffer, c: MachineConfig): Views {
  const view = (r: Region) => new Int32Array(buffer, r.at * WORD_BYTES, r.words);
  const ctl = view(REGIONS.ctl);
  return {
    buffer,
    ctl,
    pcpu: view(REGIONS.pcpu),
    wake: view(REGIONS.wake),
    prog: view(REGIONS.prog),
    sched: view(REGIONS.sched),
    slots: view(REGIONS.slots),
    slab: view(REGIONS.slab),
    quarantine: view(REGIONS.quarantine),
    rcu: view(REGIONS.rcu),
    work: view(REGIONS.work),
    ghost: view(REGIONS.ghost),
    stacks: view(REGIONS.stacks),
    clocks: view(REGIONS.clocks),
    cellClocks: view(REGIONS.cellClocks),
    origins: view(REGIONS.origins),
    text: view(REGIONS.text),
    // Free-running CPUs would only fight over the cache lines of the coverage map.
    seen: c.free
      ? new Uint8Array(FEATURES)
      : new Uint8Array(buffer, REGIONS.seen.at * WORD_BYTES, FEATURES),
    meetings: view(REGIONS.meetings),
    turns: view(REGIONS.turns),
    releases: view(REGIONS.releases),
    walked: view(REGIONS.walked),
    visits: view(REGIONS.visits),
    wrote: view(REGIONS.wrote),
    trace: view(REGIONS.trace),
    mem: view(REGIONS.mem),
    image: view(REGIONS.image),
    all: new Int32Array(buffer),
    hot: c.free ? new Int32Array(HOT_WORDS) : ctl,
    FREE: c.free,
    KCSAN: c.kcsan !== "off" && !c.free,
  };
}

let attached: Views | null = null;

/** Attach an arena to this thread, before any module that uses it is loaded; see load.ts. */
export function attach(c: MachineConfig, shared?: SharedArrayBuffer): Views {
  if (attached !== null) throw new Error("Cannot attach an arena: this thread has one already");
  setConfig(c);
  const bytes = arenaBytes(isWide);
  const buffer = shared ?? new SharedArrayBuffer(bytes);
  if (buffer.byteLength !== bytes) {
    throw new RangeError(`Cannot attach: an arena has ${bytes} bytes, not ${buffer.byteLength}`);
  }
  attached = viewsOf(buffer, c);
  return attached;
}

/** Whether this thread has an arena. */
export function isAttached(): boolean {
  return attached !== null;
}

/** The arena of this thread. */
export function views(): Views {
  if (attached === null) {
    throw new Error(
      "Cannot use the machine: this thread has no arena. " +
        "Import modules of the machine, and what is built on it, through load() of machine/load.ts",
    );
  }
  return attached;
}
