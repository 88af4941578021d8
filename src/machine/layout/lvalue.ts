/**
 * Lvalues: the address of a field together with the kind of value it holds, in one word.
 *
 * A kernel function such as READ_ONCE() gets an lvalue, `&p->field`, and must know whether what it
 * finds there is an integer, the address of an object or the number of a function.
 *
 * @module
 */
import { CELL_WORDS } from "./meta.ts";

/** Bits for the kind of value, below the address. As in meta.ts, memory/access.ts uses them itself. */
export const KIND_BITS = 2;
export const KIND_MASK: number = (1 << KIND_BITS) - 1;

/** The kinds of values. */
export const LV_INT = 0;
export const LV_POINTER = 1;
export const LV_FUNCTION = 3;

/** The lvalue of the cell at address `a`. */
export function lvalueAt(a: number, kind: number): number {
  return (a << KIND_BITS) | kind;
}

/** The same as source text, for code that is compiled: `a` is an expression for the address. */
export function lvalueSource(a: string, kind: number): string {
  return `((${a}) << ${KIND_BITS} | ${kind})`;
}

/** The address of the cell. */
export function cellOf(lvalue: number): number {
  return lvalue >> KIND_BITS;
}

/** The kind of value that the cell holds. */
export function kindOf(lvalue: number): number {
  return lvalue & KIND_MASK;
}

/** The lvalue of element `i` of an array of integers. */
export function elementAt(array: number, i: number): number {
  return (array & ~KIND_MASK) + ((CELL_WORDS * i) << KIND_BITS);
}

/** The lvalue of element `i` of an array of pointers. */
export function pointerElementAt(array: number, i: number): number {
  return array + ((CELL_WORDS * i) << KIND_BITS);
}
