/**
 * The meta word of a cell: what is known of the cell besides its value.
 *
 * A cell is two words, the value and then the meta word. From the lowest bit on, a meta word holds
 * the shadow state of the cell (see shadow_states.ts), the actor that wrote the cell last (see
 * actors.ts), and the site of that write. The site is 0 if the cell was written before the schedule began, or never.
 *
 * @module
 */

import { ACTOR_BITS } from "./actors.ts";

/** Words of a cell. */
export const CELL_WORDS = 2;
/** Where the meta word of a cell lies, from its address. */
export const META = 1;

const STATE_BITS = 3;
const WRITER_BITS = ACTOR_BITS;
const WRITER_MASK = (1 << WRITER_BITS) - 1;

// A call of a function of another module costs a check of which function it is. What every point does
// with a meta word, memory/point.ts therefore does itself, with these three.

/** The shadow state. */
export const STATE_MASK: number = (1 << STATE_BITS) - 1;
/** Shadow state and last writer together: the tag; see {@linkcode tagOf}. */
export const TAG_MASK: number = (1 << (STATE_BITS + WRITER_BITS)) - 1;
/** Where the site of the last write lies. */
export const SITE_SHIFT: number = STATE_BITS + WRITER_BITS;

/** The shadow state. */
export function stateOf(meta: number): number {
  return meta & STATE_MASK;
}

/** The same meta word with another shadow state. */
export function withState(meta: number, state: number): number {
  return (meta & ~STATE_MASK) | state;
}

/** The actor that wrote the cell last. */
export function lastWriter(meta: number): number {
  return (meta >> STATE_BITS) & WRITER_MASK;
}

/** The site of the last write, or 0. */
export function lastSite(meta: number): number {
  return meta >>> SITE_SHIFT;
}

/** The tag of cells that are LIVE and that this actor wrote last. */
export function tagOf(actor: number): number {
  return actor << STATE_BITS;
}
