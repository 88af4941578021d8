/**
 * What a patch is: replacements for registered kernel functions.
 *
 * The default export of a patch file is a patch:
 *
 * ```ts
 * import { patch } from "../src/kernel/patches/patch.ts";
 *
 * export default patch("my-fix", "memcg: what it does", {
 *   obj_cgroup_charge(objcg, gfp, size) { … },
 * });
 * ```
 *
 * @module
 */
import { replace } from "../../machine/calls/registry.ts";

/**
 * Replaces one kernel function. It takes the same arguments and returns the same kind of result.
 */
// deno-lint-ignore no-explicit-any
export type Replacement = (...args: any[]) => unknown;

export interface Patch {
  /** The commit, or a name that the author chose. */
  readonly name: string;
  /** The subject line. */
  readonly title: string;
  readonly functions: Readonly<Record<string, Replacement>>;
}

/** Make a patch. */
export function patch(
  name: string,
  title: string,
  functions: Readonly<Record<string, Replacement>>,
): Patch {
  return { name, title, functions };
}

/** Put a patch's functions in place. */
export function apply(p: Patch): void {
  for (const [name, body] of Object.entries(p.functions)) replace(name, body, p.name);
}
