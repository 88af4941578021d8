/**
 * Where each function of each kernel comes from: read against a tree, written from a mail, or inferred.
 *
 * @module
 */
import type { Patch } from "../patches/patch.ts";
import { parseKernel } from "./expression.ts";
import { VERSIONS } from "./kernels.ts";
import { QUOTED, TREES } from "./readings.ts";
import type { Tree } from "./readings/tree.ts";

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
 * in the tree of another kernel, from a `mail`, `inferred`, not in this kernel; or the tree of this kernel,
 * or the last one before it, has something else (`differs`).
 */
export type Provenance = "read" | "same" | "mail" | "inferred" | "absent" | "differs";

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
  for (const tree of TREES) {
    const by = Object.hasOwn(tree.read, f.name) ? definedBy(f, tree.expression, series) : null;
    if (by !== null) read.set(by, [...read.get(by) ?? [], tree.kernel]);
  }
  return read;
}

const age = (kernel: string) => VERSIONS.findIndex(({ name }) => name === kernel);

/** The tree of a kernel, or the last one before it. */
function treeOf(kernel: string): Tree | undefined {
  return TREES.findLast((tree) => age(tree.kernel) >= 0 && age(tree.kernel) <= age(kernel));
}

/** Whether that tree has another function than the model, and the model no new one since. */
function differs(f: Defined, kernel: string, series: Series): boolean {
  const tree = treeOf(kernel);
  return tree !== undefined && Object.hasOwn(tree.differs, f.name) &&
    definedBy(f, tree.expression, series) === definedBy(f, kernel, series);
}

/** The provenance of a function in every version, in their order. */
export function provenance(f: Defined, series: Series): Provenance[] {
  const read = readDefinitions(f, series);
  return VERSIONS.map(({ name: kernel }) => {
    const by = definedBy(f, kernel, series);
    if (by === null) return "absent";
    if (differs(f, kernel, series)) return "differs";
    if (read.has(by)) return read.get(by)!.includes(kernel) ? "read" : "same";
    return by === BASE && QUOTED.includes(f.name) ? "mail" : "inferred";
  });
}

/** Where a definition was read: `Linux 6.12.117: mm/memcontrol.c:2794-2856`; or what differs there. */
export function readAt(f: Defined, kernel: string, series: Series): string[] {
  const by = definedBy(f, kernel, series);
  return TREES.flatMap(({ expression, name, read, differs }) => {
    if (definedBy(f, expression, series) !== by) return [];
    if (Object.hasOwn(differs, f.name)) return [`${name}, where it differs: ${differs[f.name]}`];
    if (!Object.hasOwn(read, f.name)) return [];
    return [`${name}: ${read[f.name].split(" ").slice(0, -1).join(", ")}`];
  });
}
