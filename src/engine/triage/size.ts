/**
 * The size of a program: the order in which minimised inputs are compared.
 *
 * @module
 */
import { runOps } from "../inputs/input.ts";
import type { Program, Step } from "../../prog/types.ts";

/** Bits that an injected failure, a handler or a flag adds to the size of the arguments. */
const SPECIAL_SIZE = 4;
/** Sizes of arguments are rounded to this fraction of a bit. */
const SIZE_PARTS = 16;

/** The steps of a symbolic schedule; none for another schedule. */
export function stepsOf(p: Program): readonly Step[] {
  return p.schedule?.kind === "symbolic" ? p.schedule.steps : [];
}

/** The components of the size, most important first. */
export function size(p: Program): number[] {
  let args = 0;
  for (const o of p.ops) {
    for (const a of o.args) {
      if (a.kind === "int") args += Math.log2(Math.abs(a.value) + 1);
      if (a.kind === "flags") args += SPECIAL_SIZE * a.words.length;
    }
    args += SPECIAL_SIZE * (o.fail.length + (o.context === "task" ? 0 : 1));
  }
  return [p.cpus, runOps(p), stepsOf(p).length, p.ops.length, Math.round(args * SIZE_PARTS)];
}

/** Whether `a` comes before `b` in the total order of {@linkcode size}. */
export function isSmaller(a: Program, b: Program): boolean {
  const x = size(a);
  const y = size(b);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i] < y[i];
  return false;
}
