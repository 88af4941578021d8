/**
 * `--fixed` with `--linux`: a fix replaces functions of the tree, so it is applied behind the tree's
 * patch. Such a function is by hand, with the fix.
 *
 * @module
 */
import type { Values } from "../flags/flags.ts";
import { UsageError } from "../flags/usage.ts";
import { bugsFixed, fixUrls } from "./fixes.ts";
import { functionsReplaced } from "./patch_functions.ts";
import { pathOf } from "./paths.ts";

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
export async function fixesOfTree(
  values: Values,
  kernel: string,
  translated: readonly string[],
  changed: readonly string[],
): Promise<FixesOfTree> {
  const paths = fixUrls(values, kernel).map(pathOf);
  const replaced = new Set(await functionsReplaced(paths, true));
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
