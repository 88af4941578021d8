/**
 * Loading a kernel: its structures, its functions, and the patches on top of them.
 *
 * @module
 */
import { apply, type Patch } from "../patches/patch.ts";
import { setPatches } from "../version.ts";
import { checkNeeds, type Series } from "./check.ts";
import { parseKernel } from "./expression.ts";
import { PATCHES, patchName } from "./kernels.ts";

async function loadPatch(file: string): Promise<Patch> {
  return (await import(new URL(`../patches/${file}.ts`, import.meta.url).href)).default;
}

/**
 * Load a kernel, and return its patches for {@linkcode install}: on every CPU, before anything else
 * of the kernel is loaded.
 */
export async function loadKernel(expression: string): Promise<Patch[]> {
  const { name, patches } = parseKernel(expression);
  setPatches(patches.map(patchName));
  // The base comes first, so that it lies in memory where it lies without patches.
  await import("../cgroup.ts");
  await import("../memcontrol-css.ts");
  await import("../freezer.ts");
  const loaded: Patch[] = [];
  for (const file of patches) loaded.push(await loadPatch(file));
  checkNeeds(name, loaded);
  return loaded;
}

/** All patches, drafts too, by their files, to be read: in a process that runs no kernel. */
export async function loadSeries(): Promise<Series> {
  const loaded = new Map<string, Patch>();
  for (const file of PATCHES) loaded.set(file, await loadPatch(file));
  return loaded;
}

/** Make the running kernel this one: on every CPU, before boot. */
export function install(patches: readonly Patch[]): void {
  for (const p of patches) apply(p);
}
