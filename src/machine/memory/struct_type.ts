/**
 * What structures are made of: the types of their wrappers, and how fields are declared.
 *
 * @module
 */

/** A pointer: NULL is null. */
export type Ptr<T> = T | null;
/** A function pointer. */
// deno-lint-ignore no-explicit-any
export type Fn = (arg: any) => any;

declare const lvalue: unique symbol;
/** The address of a field that holds a `T`: `&p->field`. */
export type Lvalue<T> = number & { readonly [lvalue]: T };

/** What a struct's fields give its wrapper: the values, and with `$` their addresses. */
export type Fields<S> =
  & { -readonly [K in keyof S]: S[K] }
  & { readonly [K in keyof S as K extends string ? `$${K}` : never]: Lvalue<S[K]> };

/** Every wrapper. */
export interface Struct {
  /** Address of the first cell. */
  readonly a: number;
  /** The object this one is embedded in, or null. */
  readonly outer: Struct | null;
  readonly type: StructType;
  /** Number among the objects of its type. */
  readonly index: number;
}

type FieldKind = "int" | "ptr" | "fn" | "embed" | "array";

/** How a field is laid out. */
export interface FieldSpec {
  readonly kind: FieldKind;
  readonly cells: number;
  /** For embedded structures. */
  // deno-lint-ignore no-explicit-any
  readonly type?: StructType<any>;
  /** Share the cells of this other field: a union. */
  readonly unionWith?: string;
  /** Name of the watch that sees atomic operations on it; see watch.ts. */
  readonly watch?: string;
  /** An integer that holds an address, so many bits up: what is below are flags. */
  readonly pointerShift?: number;
  /** Names of its bits, for sanitizers, which know the kernel's structures by name only. */
  readonly bits?: Readonly<Record<string, number>>;
  /** Bytes that one cell stands for in reports; a word's if absent. */
  readonly unit?: number;
}

/** Bytes of a cell that has no unit of its own. */
export const WORD_BYTES = 4;

/** An integer of 32 bits: the modelled machine is a 32-bit one. */
export const int: FieldSpec = { kind: "int", cells: 1 };
/** A pointer to any structure. */
export const ptr: FieldSpec = { kind: "ptr", cells: 1 };
/** `n` pointers: an array, so a property of the wrapper is its address only. */
export function pointers(n: number): FieldSpec {
  return { kind: "ptr", cells: n };
}
/** A pointer to a kernel function. */
export const fn: FieldSpec = { kind: "fn", cells: 1 };
/** An integer whose atomic changes are seen by whoever watches fields of that name. */
export function watched(watch: string): FieldSpec {
  return { kind: "int", cells: 1, watch };
}
/** An integer made of bits that have names. */
export function flags(bits: Readonly<Record<string, number>>): FieldSpec {
  return { kind: "int", cells: 1, bits };
}
/** An integer that is an address, shifted, with bits that have names below it. */
export function tagged(shift: number, bits: Readonly<Record<string, number>>): FieldSpec {
  return { kind: "int", cells: 1, pointerShift: shift, bits };
}
/** `n` integers. */
export function array(n: number): FieldSpec {
  return { kind: "array", cells: n };
}
/** `n` characters, a cell each. */
export function chars(n: number): FieldSpec {
  return { kind: "array", cells: n, unit: 1 };
}
/** A structure inside this one, optionally over the cells of another field. */
// deno-lint-ignore no-explicit-any
export function embed(type: StructType<any>, unionWith?: string): FieldSpec {
  return { kind: "embed", cells: type.cells, type, unionWith };
}

/** A field in its place. */
export interface Field extends FieldSpec {
  readonly name: string;
  readonly offset: number;
}

/** Names of the cells of a field: its own, or those of the elements of an array. */
export function cellNames(f: FieldSpec, name: string): string[] {
  return f.cells === 1 ? [name] : Array.from({ length: f.cells }, (_, i) => `${name}[${i}]`);
}

/** A structure type with its objects. */
// deno-lint-ignore no-explicit-any
export interface StructType<T = any> {
  readonly name: string;
  /** Number of the type, for its counters in the arena. */
  readonly id: number;
  readonly cells: number;
  readonly fields: readonly Field[];
  /** True if the objects are always allocated. */
  readonly isStatic: boolean;
  /** The slab: all objects there can be, in address order. */
  readonly objects: T[];
  /** Address of the first object's redzone, and addresses per object. */
  readonly base: number;
  readonly stride: number;
  /** Addresses of a redzone. */
  readonly redzone: number;
  // deno-lint-ignore no-explicit-any
  readonly make: (a: number, outer: Struct | null, index: number) => any;
}
