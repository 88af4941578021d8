/**
 * `--linux TREE`: the C of a tree becomes a patch on the nearest kernel of the series. Diffs given with
 * `--patch` are applied to the tree first, in memory.
 *
 * The patch is a TypeScript file in the user's cache. It is named for the content of everything that it
 * is made from, so one that is there is right.
 *
 * @module
 */
import { CError } from "../../c/front/error.ts";
import type { ReadFile, Tree } from "../../c/front/tree.ts";
import type { Model } from "../../c/translate/model.ts";
import { moduleText } from "../../c/translate/module.ts";
import { originsOf } from "../../c/translate/origins.ts";
import { translateTree, type Translation } from "../../c/translate/translate.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { isSystemError, reason } from "../files/system_error.ts";
import type { Values } from "../flags/flags.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { type Change, changeOf, nearestKernel, openPatched } from "./linux_tree.ts";
import { cached, hashOf, keepCached, keyOf, type Translated } from "./linux_cache.ts";
import { fixesOfTree } from "./linux_fixes.ts";
import { modelsOf } from "./linux_models.ts";
import { readModel } from "./model_sources.ts";
import type { Output } from "./output.ts";
import { absolutePath, isDiff } from "./paths.ts";
import { count } from "./tally.ts";

const ROOT = new URL("../../../", import.meta.url);

/** A tree with its diffs, translated for a kernel. */
export interface OfTree {
  readonly tree: Tree;
  /** Reads files of the tree, with the diffs applied. */
  readonly read: ReadFile;
  readonly kernel: string;
  readonly model: Model;
  readonly translation: Translation;
  /** What the diffs change; null if there are none. */
  readonly change: Change | null;
}

/** Read, patch and translate the tree that a command line names. */
export async function translateNamed({ values }: Request): Promise<OfTree> {
  const dir = values.linux!;
  const diffs = (values.patch ?? []).filter(isDiff);
  const { preempt, bits } = values;
  const patched = await openPatched(dir, diffs, { preempt, bits });
  const { base, readBase, tree, read } = patched;
  const kernel = values.kernel ?? nearestKernel(tree.version);
  const model = readModel(kernel);
  const translation = translateTree(tree, model);
  const change = diffs.length === 0 ? null : changeOf({ tree: base, read: readBase }, patched);
  return { tree, read, kernel, model, translation, change };
}

/** The folder that translations are written to. */
export function cacheOf({ cache, linux }: Values): string {
  return cache ?? `${linux}/.objcg-fuzz`;
}

/** Write the patch, and the lines of C that its lines come from; returns its path. */
export async function writePatch(
  { tree, read, model, translation }: Pick<OfTree, "tree" | "read" | "model" | "translation">,
  dir: string,
): Promise<string> {
  const name = `linux-${tree.version}`;
  const text = moduleText(translation, tree, model, { root: ROOT.href }, name);
  // A comment of the C changes what a page shows, and nothing in the module.
  const origins = JSON.stringify(originsOf(text, translation, read));
  const path = `${absolutePath(dir)}/${name}-${await hashOf(text + origins)}`;
  try {
    for (const [end, content] of [[".c.json", origins], [".ts", text]]) {
      if (atomicFiles.read(path + end) !== content) atomicFiles.write(path + end, content);
    }
  } catch (e) {
    throw new UsageError(
      `Cannot write the translation to ${path}.ts: ${reason(e)}; --cache names another folder`,
    );
  }
  return `${path}.ts`;
}

/** What of a change runs, and what of it does not, with the reasons. */
export function effectOf(
  { functions, files }: Change,
  { translation, model }: Pick<OfTree, "model" | "translation">,
): { effective: string[]; notLookedAt: string[] } {
  const known = (name: string) => translation.functions.has(name) || translation.helpers.has(name);
  const others = functions.filter((f) => !known(f)).map((name) => {
    const why = translation.untranslated.find((u) => u.name === name)?.why ??
      (model.functions.has(name) ? "the tree does not have it" : "the model does not have it");
    return `${name}(): ${why}`;
  });
  return { effective: functions.filter(known), notLookedAt: [...others, ...files] };
}

/** What is not translated although a diff changes it: it would have no effect, unseen. */
function aboutChange(change: Change, of: OfTree): string[] {
  const { files, functions, outside } = change;
  if (functions.length === 0 && files.length === 0 && outside.length === 0) {
    return ["The diff changes no function: what runs is the same"];
  }
  const { effective, notLookedAt } = effectOf(change, of);
  const changed = effective.length > 0 ? [`The diff changes ${effective.join(", ")}`] : [];
  return [
    ...changed,
    ...outside.map((what) =>
      `Outside of functions, so only where translated code uses it: ${what}`
    ),
    ...notLookedAt.map((what) => `Not looked at: ${what}`),
  ];
}

/** Calls and accesses that the translation leaves out. */
export function leftOutOf({ functions, helpers }: Translation): number {
  return [...functions.values(), ...helpers.values()].reduce((n, t) => n + t.leftOut.length, 0);
}

/** What the tree is, and how much of it is translated, in lines. */
export function aboutTree(of: OfTree, dir: string): string[] {
  const { translation, tree, kernel } = of;
  return [
    `${dir} is ${tree.version}: ${kernel} with ${
      count(translation.functions.size, "function")
    } translated, ` +
    `${translation.untranslated.length} by hand, ${
      count(leftOutOf(translation), "call")
    } left out ` +
    `(deno task c list --linux ${dir})`,
    ...of.change === null ? [] : aboutChange(of.change, of),
  ];
}

/** Translate what a command line names, or find what was made before. */
async function translated(request: Request): Promise<Translated> {
  const { values } = request;
  const dir = cacheOf(values);
  const key = await keyOf(values, (values.patch ?? []).filter(isDiff)).catch((e) => {
    // Whoever opens the tree says what is wrong with it.
    if (isSystemError(e)) return null;
    throw e;
  });
  const known = key === null ? null : cached(dir, key);
  if (known !== null) return known;
  const of = await translateNamed(request).catch((e) => {
    throw e instanceof CError ? new UsageError(`${values.linux}/${e.message}`) : e;
  });
  const path = await writePatch(of, dir);
  const made = {
    kernel: of.kernel,
    path,
    notes: aboutTree(of, values.linux!),
    functions: [...of.translation.functions.keys()],
    changed: of.change?.functions ?? [],
  };
  if (key !== null) keepCached(dir, key, made);
  return made;
}

/**
 * The translation for all preemption models that a command line runs. What runs is one patch, so all
 * must come to the same.
 */
async function translatedForAll(request: Request): Promise<Translated> {
  const models = modelsOf(request);
  const made: Translated[] = [];
  for (const preempt of models) {
    made.push(await translated({ ...request, values: { ...request.values, preempt } }));
  }
  if (new Set(made.map(({ path }) => path)).size === 1) return made[0];
  throw new UsageError(
    `Cannot use --linux with files of several preemption models (${
      models.join(", ")
    }): the C that ` +
      `runs depends on the model; name the files of each model in a run of their own`,
  );
}

/**
 * The same request with `--linux` and diffs replaced by a kernel of the series and a patch on it. A
 * request of a verb that reads the tree itself stays as it is.
 */
export async function withLinux(request: Request, output: Output): Promise<Request> {
  const { values, verb } = request;
  const patches = values.patch ?? [];
  if (verb.startsWith("c ") || verb === "review" || verb === "compare") return request;
  if (values.linux === undefined) {
    const diff = patches.find(isDiff);
    if (diff === undefined) return request;
    throw new UsageError(
      `Cannot use --patch ${diff}: a diff needs --linux TREE; a patch of the model is a .ts file`,
    );
  }
  const { kernel, path, notes, functions, changed } = await translatedForAll(request);
  for (const note of notes) output.note(note);
  const fixes = await fixesOfTree(values, kernel, functions, changed);
  if (fixes.replaced.length > 0) {
    output.note(`By hand, since a fix replaces them: ${fixes.replaced.join(", ")}`);
  }
  const patch = [path, ...fixes.paths, ...patches.filter((p) => !isDiff(p))];
  const { linux: _, ...rest } = values;
  return {
    ...request,
    values: { ...rest, kernel, patch },
    given: new Set(
      [...request.given].filter((f) => f !== "linux" && f !== "cache" && f !== "bits").concat([
        "kernel",
        "patch",
      ]),
    ),
  };
}
