/**
 * What patches replace.
 *
 * @module
 */
import type { Patch } from "../../kernel/patches/patch.ts";
import { loadToRead } from "../../machine/load.ts";
import { UsageError } from "../flags/usage.ts";
import { patchUrls } from "./paths.ts";

/** The functions that the patches in these files replace, each once. */
export async function functionsReplaced(paths: readonly string[]): Promise<string[]> {
  const names = new Set<string>();
  for (const [i, url] of patchUrls(paths).entries()) {
    let patch: Partial<Patch> | undefined;
    try {
      patch = (await loadToRead(() => import(url))).default;
    } catch (e) {
      throw new UsageError(`Cannot load patch "${paths[i]}": ${(e as Error).message}`);
    }
    for (const name of Object.keys(patch?.functions ?? {})) names.add(name);
  }
  return [...names];
}
