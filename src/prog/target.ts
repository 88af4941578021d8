/**
 * What a fuzz target is: one file with its operations, its setup and its checks.
 *
 * The specification that the parser and the packer need is derived from it, so nothing is written
 * twice.
 *
 * @module
 */
import type { ArgSpec, Context, OpSpec, TargetSpec } from "./types.ts";

/** An operation did not apply: what it needs does not exist (any more). Reported as `skipped`. */
export const SKIPPED = -9999;

/** One operation of a target. */
export interface OpDefinition {
  /** One sentence. */
  readonly doc: string;
  readonly args?: readonly ArgSpec[];
  /** The type of resource it returns the address of; 0 or an error leaves the name unset. */
  readonly result?: string;
  readonly contexts?: readonly Context[];
  readonly where?: "boot" | "run" | "any";
  readonly weight?: number;
  readonly bootWeight?: number;
  readonly allocs?: number;
  /** Arguments that the operation uses up: their names mean nothing afterwards. */
  readonly consumes?: readonly string[];
  /** The argument that names a CPU which waits until this operation starts it. */
  readonly starts?: string;
  /** References arrive as objects, the rest as numbers. */
  // deno-lint-ignore no-explicit-any
  readonly run: (...args: any[]) => number | void;
}

/** A fuzz target. */
export interface Target {
  readonly name: string;
  readonly doc: string;
  readonly ops: Readonly<Record<string, OpDefinition>>;
  /** Names that exist before the first operation, and how to find what they stand for. */
  readonly predefined?: Readonly<Record<string, { type: string; address: () => number }>>;
  /** Build the initial state; runs once, before the image is taken. */
  readonly boot?: () => void;
  /** Find what boot built; runs once on every CPU. */
  readonly attach?: () => void;
  /**
   * A cheap look at the quiet state: whether `finish` could find something. Without it, the loop
   * takes everything down after every execution.
   */
  readonly suspicious?: () => boolean;
  /** Judge the state when no CPU has anything left to do, then take everything down. */
  readonly finish?: () => void;
  /** Operations every generated program starts with, as text; see the format's boot lines. */
  readonly setup?: readonly string[];
  /** A complete program for targets whose operations are not generated. */
  readonly program?: string;
}

/** Shorthands for arguments. */
export function int(
  name: string,
  min: number,
  max: number,
  interesting: readonly number[] = [],
): ArgSpec {
  return { name, type: "int", min, max, interesting };
}
export function ref(name: string, of = name): ArgSpec {
  return { name, type: "ref", of };
}
export function cpu(name: string): ArgSpec {
  return { name, type: "cpu" };
}

/** The part of a target that inputs are checked against. */
export function specOf(t: Target): TargetSpec {
  return {
    name: t.name,
    doc: t.doc,
    predefined: Object.entries(t.predefined ?? {}).map(([name, p]) => ({ name, type: p.type })),
    ops: Object.entries(t.ops).map(([name, o]): OpSpec => ({
      name,
      doc: o.doc,
      args: o.args ?? [],
      result: o.result,
      contexts: o.contexts,
      where: o.where,
      weight: o.weight,
      bootWeight: o.bootWeight,
      allocs: o.allocs,
    })),
  };
}
