/**
 * What patches replace.
 *
 * @module
 */
import { isAround, type Patch } from "../../kernel/patches/patch.ts";
import { loadToRead } from "../../machine/load.ts";
import { UsageError } from "../flags/usage.ts";
import { patchUrls } from "./paths.ts";

/**
 * The functions that the patches in these files replace, each once; with `wholly`, those only of which
 * nothing is left.
 */
export async function functionsReplaced(
  paths: readonly string[],
  wholly = false,
): Promise<string[]> {
  const names = new Set<string>();
  for (const [i, url] of patchUrls(paths).entries()) {
    let patch: Partial<Patch> | undefined;
    try {
      patch = (await loadToRead(() => import(url))).default;
    } catch (e) {
      throw new UsageError(`Cannot load patch "${paths[i]}": ${(e as Error).message}`);
    }
    for (const [name, body] of Object.entries(patch?.functions ?? {})) {
      if (!wholly || !isAround(body)) names.add(name);
    }
  }
  return [...names];
}
