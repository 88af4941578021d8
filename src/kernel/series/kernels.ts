/**
 * Kernels. The base is the patch as posted in January 2020. Every later version is a list of
 * patches on top of the base.
 *
 * @module
 */
import freezeMutex from "../patches/7996a8b5511a.ts";
import cssAllocError from "../patches/11d6761218d1.ts";
import bf4f059954dc from "../patches/bf4f059954dc.ts";
import walkUp from "../patches/v5.9-walk-up.ts";
import { apply, type Patch } from "../patches/patch.ts";

export interface Kernel {
  readonly name: string;
  readonly doc: string;
  readonly patches: readonly Patch[];
}

/** All kernels, oldest first. */
export const KERNELS: readonly Kernel[] = [
  {
    name: "posted",
    doc: "the patch of 27 January 2020 on the tree of that time",
    patches: [],
  },
  {
    name: "v5.9",
    doc: "as merged",
    patches: [freezeMutex, cssAllocError, bf4f059954dc, walkUp],
  },
];

/** The kernel of that name, or undefined. */
export function kernelNamed(name: string): Kernel | undefined {
  return KERNELS.find((k) => k.name === name);
}

/** Install a kernel, and patches on top of it. Every CPU does so before boot. */
export function install(k: Kernel, extra: readonly Patch[] = []): void {
  for (const p of [...k.patches, ...extra]) apply(p);
}
