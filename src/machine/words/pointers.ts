/**
 * Which cells hold pointers. A module of its own, because structures and clocks both need it.
 *
 * @module
 */
import { CELL_WORDS } from "../layout/meta.ts";
import { CELLS } from "../layout/sizes.ts";

/** 1 for the address of every cell that a structure declares to be a pointer. */
export const pointers = new Uint8Array(CELL_WORDS * CELLS);
