/**
 * Which patches the kernel has that is being loaded.
 *
 * Memory is laid out when the modules of the kernel are loaded, and later kernels have fields that
 * earlier ones have not. So what the kernel is must be said first; a structure asks here for the
 * patch that changed it, and an older kernel keeps its layout to the cell.
 *
 * @module
 */

let patches: ReadonlySet<string> | null = null;

/** Say which patches the kernel has: once, before any of its modules is loaded. */
export function setPatches(names: readonly string[]): void {
  patches = new Set(names);
}

/** Whether the kernel has a patch. */
export function has(patch: string): boolean {
  return patches !== null && patches.has(patch);
}

/** Whether some kernel could have it: a process that runs no kernel knows what all of them have. */
export function mayHave(patch: string): boolean {
  return patches === null || patches.has(patch);
}
