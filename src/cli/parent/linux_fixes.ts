/**
 * `--fixed` with `--linux`: a fix replaces functions of the tree, so it is applied behind the tree's
 * patch. Such a function is by hand, with the fix.
 *
 * @module
 */
import type { Values } from "../flags/flags.ts";
import { UsageError } from "../flags/usage.ts";
import { bugsFixed, fixUrls } from "./fixes.ts";
import { pathOf } from "./paths.ts";

/** A function in the object that a patch is made of. */
const REPLACEMENT = /^ {2}(\w+)\(/gm;

/** The functions that a patch of the series replaces. */
export function functionsOfPatch(text: string): string[] {
  return [...text.matchAll(REPLACEMENT)].map(([_, name]) => name);
}

/** What fixes do to a tree. */
export interface FixesOfTree {
  /** Paths of the patches, in order. */
  readonly paths: readonly string[];
  /** Functions of the tree that they replace. */
  readonly replaced: readonly string[];
}

/**
 * The fixes that the flags ask for. `translated` are the functions that are the tree's, `changed` those
 * that a diff changes: a fix must not undo what somebody wants to see.
 */
export function fixesOfTree(
  values: Values,
  kernel: string,
  translated: readonly string[],
  changed: readonly string[],
): FixesOfTree {
  const paths = fixUrls(values, kernel).map(pathOf);
  const replaced = new Set(paths.flatMap((path) => functionsOfPatch(Deno.readTextFileSync(path))));
  const undone = changed.find((name) => replaced.has(name));
  if (undone !== undefined) {
    throw new UsageError(
      `Cannot put the fixes of ${
        bugsFixed(values, kernel).join(", ")
      } in place: the diff changes ` +
        `${undone}(), which one of them replaces; --fixed names single bugs`,
    );
  }
  return { paths, replaced: translated.filter((name) => replaced.has(name)) };
}
