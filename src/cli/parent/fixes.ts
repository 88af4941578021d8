/**
 * `--fixed`: the patches that put fixes of known bugs in place.
 *
 * They are patches like any other: a file that is found with them names them.
 *
 * @module
 */
import { fixedBugs, patchesThatFix } from "../../kernel/series/fixes.ts";
import type { Values } from "../flags/flags.ts";
import { UsageError } from "../flags/usage.ts";

const PATCHES = "../../kernel/patches/";

/** The bugs whose fixes the flags put in place in a kernel. */
export function bugsFixed({ fixed, kernel }: Values, inKernel: string): string[] {
  const bugs = fixedBugs(inKernel);
  if (fixed === undefined) return [];
  if (fixed === "all") return bugs;
  const other = fixed.find((bug) => !bugs.includes(bug));
  // A file may name several kernels; then the fix is for those that have the bug.
  if (other !== undefined && kernel !== undefined) {
    throw new UsageError(
      `Cannot fix ${other} in ${inKernel}: there is no patch for it; there are patches for ` +
        `${bugs.length === 0 ? "none" : bugs.join(", ")}`,
    );
  }
  return fixed.filter((bug) => bugs.includes(bug));
}

/** URLs of the patches that the flags ask for in a kernel. */
export function fixUrls(values: Values, kernel: string): string[] {
  return patchesThatFix(bugsFixed(values, kernel), kernel)
    .map((name) => new URL(`${PATCHES}${name}.ts`, import.meta.url).href);
}
