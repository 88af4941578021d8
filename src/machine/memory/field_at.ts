/**
 * The cell that an address names.
 *
 * A primitive may be given something else, in a file that was not type-checked: a value instead of
 * the address of its field. Objects and NULL count as 0 there, where no field is; a number is seen
 * unless it happens to be a multiple of 8 that is an address too.
 *
 * @module
 */
import { cellOf } from "../layout/lvalue.ts";
import * as metaLayout from "../layout/meta.ts";
import * as sizes from "../layout/sizes.ts";
import type { Lvalue } from "./struct_type.ts";

const { CELL_WORDS } = metaLayout;
const { CELLS } = sizes;

/** The first cell that a field can have. */
const FIRST = CELL_WORDS * sizes.UNUSED_CELLS;
const END = CELL_WORDS * CELLS;

/** Address of the first word of the cell. */
export function fieldAt(lv: Lvalue<unknown> | number): number {
  const a = cellOf(lv);
  if ((a & (CELL_WORDS - 1)) !== 0 || a < FIRST || a >= END) noAddress(lv);
  return a;
}

function noAddress(v: unknown): never {
  const found = typeof v === "object" && v !== null
    ? `a ${(v as { type?: { name?: string } }).type?.name ?? "JavaScript object"}`
    : String(v);
  throw new TypeError(
    `A primitive expects the address of a field, such as &p->x, which is p.$x; it was given ${found}`,
  );
}
