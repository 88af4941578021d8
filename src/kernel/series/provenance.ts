/**
 * Where each function of each kernel comes from: read against a tree, written from a mail, or inferred.
 *
 * @module
 */
import type { Patch } from "../patches/patch.ts";
import { parseKernel } from "./expression.ts";
import { VERSIONS } from "./kernels.ts";
import { QUOTED, READINGS, TREES } from "./readings.ts";

/** All patches, by their files. */
type Series = { get(file: string): Patch | undefined };

/** A function, and the patch that adds it; null for one of the base. */
export interface Defined {
  readonly name: string;
  readonly addedBy: string | null;
}

/** Who defines a function of the base that no patch has replaced. */
export const BASE = "base";

/**
 * How well a definition is known: `read` against the tree of this kernel, the `same` as one that was read
 * in the tree of another kernel, from a `mail`, `inferred`, or not in this kernel.
 */
export type Provenance = "read" | "same" | "mail" | "inferred" | "absent";

/** The file of the patch that has the definition that a kernel runs; null if it has none. */
export function definedBy(f: Defined, kernel: string, series: Series): string | null {
  const { patches } = parseKernel(kernel);
  const last = patches.findLast((file) => Object.hasOwn(series.get(file)?.functions ?? {}, f.name));
  if (last !== undefined) return last;
  if (f.addedBy === null) return BASE;
  return patches.includes(f.addedBy) ? f.addedBy : null;
}

/** The definitions of a function that were read, and the kernels whose trees have them. */
function readDefinitions(f: Defined, series: Series): Map<string, string[]> {
  const read = new Map<string, string[]>();
  for (const [i, reading] of (READINGS[f.name] ?? []).entries()) {
    const by = reading === null ? null : definedBy(f, TREES[i].expression, series);
    if (by !== null) read.set(by, [...read.get(by) ?? [], TREES[i].kernel]);
  }
  return read;
}

/** The provenance of a function in every version, in their order. */
export function provenance(f: Defined, series: Series): Provenance[] {
  const read = readDefinitions(f, series);
  return VERSIONS.map(({ name: kernel }) => {
    const by = definedBy(f, kernel, series);
    if (by === null) return "absent";
    if (read.has(by)) return read.get(by)!.includes(kernel) ? "read" : "same";
    return by === BASE && QUOTED.includes(f.name) ? "mail" : "inferred";
  });
}

/** Where a definition was read: `Linux 6.12.117, …: mm/memcontrol.c:2794-2856`. */
export function readAt(f: Defined, kernel: string, series: Series): string[] {
  const by = definedBy(f, kernel, series);
  return TREES.flatMap(({ expression, name }, i) => {
    const reading = READINGS[f.name]?.[i] ?? null;
    if (reading === null || definedBy(f, expression, series) !== by) return [];
    return [`${name}: ${reading.split(" ").slice(0, -1).join(", ")}`];
  });
}
