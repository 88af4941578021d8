/**
 * What a KASAN report says about the memory around an address: which object it belongs to, and the
 * shadow memory.
 *
 * Only reports call it, never the loop.
 *
 * @module
 */
import { FREED, REDZONE, UNALLOCATED } from "../../machine/layout/shadow_states.ts";
import { CELLS } from "../../machine/layout/sizes.ts";
import { isUsable, stateAt } from "../../machine/memory/shadow.ts";
import { slabSize } from "../../machine/memory/slab.ts";
import { nearestObject, nearestType, unitOf } from "../../machine/memory/nearest.ts";
import { objectName } from "../../machine/memory/objects.ts";
import type { Struct } from "../../machine/memory/struct_type.ts";

const LIVES: Readonly<Record<number, string>> = {
  [FREED]: "freed ",
  [UNALLOCATED]: "unallocated ",
};

function place(a: number, o: Struct, size: number, unit: number): string {
  const bytes = (cells: number) => `${cells * unit} bytes`;
  const from = (a - o.a) / 2;
  if (from < 0) return `${bytes(-from)} to the left of`;
  return from < size ? `${bytes(from)} inside of` : `${bytes(from - size)} to the right of`;
}

const hex = (a: number) => a.toString(16).padStart(8, "0");

/** Which object an address belongs to, and where in it the address lies, in the kernel's words. */
function belongsTo(a: number): string[] {
  const o = nearestObject(a);
  if (o === null) return [];
  const { type } = o;
  if (type.isStatic) return ["The buggy address belongs to the variable:", ` ${objectName(o)}`];
  const unit = unitOf(type);
  const state = stateAt(o.a);
  const size = isUsable(state) ? slabSize(o) : type.cells;
  const life = LIVES[state] ?? "allocated ";
  return [
    `The buggy address belongs to the object at ${hex(o.a)}`,
    ` which belongs to the cache ${type.name} of size ${type.cells * unit}`,
    `The buggy address is located ${place(a, o, size, unit)}`,
    ` ${life}${size * unit}-byte region [${hex(o.a)}, ${hex(o.a + 2 * size)})`,
  ];
}

/** Cells per row of the dump. */
const ROW = 8;

/**
 * The kernel's marks of shadow memory: accessible, freed, redzone of a variable, redzone of a slab.
 */
function mark(a: number): string {
  const state = stateAt(a);
  if (isUsable(state)) return "00";
  if (state === FREED) return "fb";
  if (state === REDZONE && (nearestType(a)?.isStatic ?? false)) return "f9";
  return "fc";
}

/**
 * The shadow memory around an address, with a mark below the faulting cell. Rows begin where the
 * object begins, so that a report looks the same wherever the object lies.
 */
function shadowAround(a: number): string[] {
  const start = nearestObject(a)?.a ?? a;
  const row = start + Math.floor((a - start) / (2 * ROW)) * 2 * ROW;
  const lines: string[] = [];
  for (const r of [row - 2 * ROW, row, row + 2 * ROW]) {
    const cells = Array.from({ length: ROW }, (_, i) => r + 2 * i)
      .map((c) => c < 2 || c >= 2 * CELLS ? "  " : mark(c));
    lines.push(`${r === row ? ">" : " "}${hex(r)}: ${cells.join(" ")}`.trimEnd());
    if (r === row) lines.push("^".padStart(12 + (3 * (a - r)) / 2));
  }
  return lines;
}

/** The description of an address for a report. */
export function describe(a: number): { belongs: string[]; around: string[] } {
  return { belongs: belongsTo(a), around: shadowAround(a) };
}
