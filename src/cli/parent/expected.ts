/**
 * What a file expects of kernels that it does not name.
 *
 * @module
 */
import type { Program } from "../../prog/types.ts";

/** What is expected of one kernel. */
export interface Expected {
  /** A title, null if nothing is to be found, or undefined if any title of the file will do. */
  readonly title: string | null | undefined;
  /** Whether the file names this kernel. */
  readonly isNamed: boolean;
}

/**
 * What a file expects of each kernel, oldest first. A kernel that it does not name lies between two
 * that it names: if both have the bug, or neither has it, so it is for those between. Otherwise
 * nothing is known, and the entry is null.
 */
export function expectedOf(
  { expects }: Pick<Program, "expects">,
  kernels: readonly string[],
): (Expected | null)[] {
  const named = kernels.map((kernel) => expects.find((e) => e.kernel === kernel));
  return named.map((own, i) => {
    if (own !== undefined) return { title: own.title, isNamed: true };
    const before = named.slice(0, i).findLast((e) => e !== undefined);
    const after = named.slice(i).find((e) => e !== undefined);
    if (before === undefined || after === undefined) return null;
    const isBug = before.title !== null;
    if (isBug !== (after.title !== null)) return null;
    return { title: isBug ? undefined : null, isNamed: false };
  });
}
