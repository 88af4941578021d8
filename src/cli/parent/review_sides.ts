/**
 * The two sides of a review: the kernel as it is, and with what is reviewed, which is diffs of a tree's C
 * or patches of the model.
 *
 * @module
 */
import { CError } from "../../c/front/error.ts";
import { translateTree } from "../../c/translate/translate.ts";
import type { Patch } from "../../kernel/patches/patch.ts";
import { loadToRead } from "../../machine/load.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { effectOf, isDiff, leftOutOf, writePatch } from "./linux_patch.ts";
import { changedFunctions, nearestKernel, openPatched } from "./linux_tree.ts";
import { readModel } from "./model_sources.ts";
import { patchUrls } from "./paths.ts";

/** What is compared. */
export interface Sides {
  readonly kernel: string;
  /** Paths of the patches of each side. */
  readonly base: readonly string[];
  readonly patched: readonly string[];
  /** Functions that differ and that run. */
  readonly changed: readonly string[];
  /** What is changed besides, and why it is not run. */
  readonly notLookedAt: readonly string[];
  /** Number of calls of the tree that are left out; 0 without a tree. */
  readonly leftOut: number;
}

/** The functions that patches of the model replace. */
async function replacedBy(paths: readonly string[]): Promise<string[]> {
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

/** The same side, with patches of the model on both. */
async function ofModel(fixes: readonly string[], { values }: Request): Promise<Sides> {
  const { kernel, patch: base = [] } = values;
  const diff = [...fixes, ...base].find(isDiff);
  if (diff !== undefined) {
    throw new UsageError(
      `Cannot review ${diff}: a diff needs --linux TREE; a patch of the model is a .ts file`,
    );
  }
  if (kernel === undefined) {
    throw new UsageError(
      `Cannot review ${fixes[0]}: --kernel NAME names the kernel that it is a patch of`,
    );
  }
  const changed = await replacedBy(fixes);
  const patched = [...base, ...fixes];
  return { kernel, base, patched, changed, notLookedAt: [], leftOut: 0 };
}

async function ofTree(fixes: readonly string[], { values }: Request): Promise<Sides> {
  const dir = values.linux!;
  const { patch = [], preempt } = values;
  // What is given with --patch belongs to both sides.
  const before = await openPatched(dir, patch.filter(isDiff), { preempt });
  const diffs = [...patch, ...fixes].filter(isDiff);
  const after = await openPatched(dir, diffs, { preempt });
  const kernel = values.kernel ?? nearestKernel(after.tree.version);
  const model = readModel(kernel);
  const cache = values.cache ?? `${dir}/.objcg-fuzz`;
  const sides = [];
  for (const { tree } of [before, after]) {
    const translation = translateTree(tree, model);
    sides.push({ translation, path: await writePatch({ tree, model, translation }, cache) });
  }
  const [base, patched] = sides;
  const change = changedFunctions(before.tree, after.tree, after.files);
  const { effective, notLookedAt } = effectOf(change, { model, translation: patched.translation });
  const own = patch.filter((path) => !isDiff(path));
  const models = fixes.filter((path) => !isDiff(path));
  return {
    kernel,
    base: [base.path, ...own],
    patched: [patched.path, ...own, ...models],
    changed: [...effective, ...await replacedBy(models)],
    notLookedAt,
    leftOut: leftOutOf(patched.translation),
  };
}

/** Make the sides of a review of `fixes`. */
export async function sidesOf(fixes: readonly string[], request: Request): Promise<Sides> {
  if (request.values.linux === undefined) return await ofModel(fixes, request);
  return await ofTree(fixes, request).catch((e) => {
    throw e instanceof CError ? new UsageError(`${request.values.linux}/${e.message}`) : e;
  });
}
