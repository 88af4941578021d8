/**
 * The two sides of a review: the kernel as it is, and with what is reviewed, which is diffs of a tree's C
 * or patches of the model.
 *
 * @module
 */
import { CError } from "../../c/front/error.ts";
import { changedLines } from "../../c/front/changed_lines.ts";
import { translateTree, type Translation } from "../../c/translate/translate.ts";
import { textOf } from "../../c/translate/lines.ts";
import { type CLine, watchLines } from "../../c/translate/watch.ts";
import { WATCHED_FUNCTIONS_MAX, WATCHED_LINES_MAX } from "../../machine/executor.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { isDiff } from "./paths.ts";
import { effectOf, leftOutOf, writePatch } from "./linux_patch.ts";
import { changeOf, nearestKernel, openPatched, type PatchedTree } from "./linux_tree.ts";
import { readModel } from "./model_sources.ts";
import { functionsReplaced } from "./patch_functions.ts";
import type { WatchedLines } from "../protocol/jobs.ts";
import type { Preempt } from "../../prog/types.ts";

/** A line that differs, and the number under which it is watched. */
export interface ReviewedLine extends CLine {
  readonly text: string;
  /** Number of lines that are gone in front of it. */
  readonly gone: number;
  readonly number: number;
}

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
  /** The lines that differ; for a patch of the model, the functions that it replaces. */
  readonly lines: readonly ReviewedLine[];
  /** What the campaigns watch: the kernel as it is has only the functions. */
  readonly watched: { readonly base: WatchedLines; readonly patched: WatchedLines };
}

/** What can be watched. */
const MOST = { lines: WATCHED_LINES_MAX, functions: WATCHED_FUNCTIONS_MAX };

/** Watch functions from their first line on. */
function wholeFunctions(functions: readonly (readonly string[])[]): WatchedLines {
  const within = functions.map((_, i) => i);
  return { functions, within, heads: within };
}

/** The functions of patches of the model, each as one line. */
function modelLines(names: readonly string[]): ReviewedLine[] {
  return names.map((name, number) => ({ file: "", line: 0, text: `${name}()`, gone: 0, number }));
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
  const changed = await functionsReplaced(fixes);
  const counted = changed.slice(0, MOST.functions);
  const watched = wholeFunctions(counted.map((name) => [name]));
  return {
    kernel,
    base,
    patched: [...base, ...fixes],
    changed,
    notLookedAt: [],
    leftOut: 0,
    lines: modelLines(counted),
    watched: { base: watched, patched: watched },
  };
}

/** Lines of a tree with diffs that differ from the tree before, as far as the model runs their files. */
function linesOf(before: PatchedTree, after: PatchedTree) {
  return after.files.filter((file) => after.tree.files.includes(file)).flatMap((file) =>
    changedLines(before.read(file) ?? "", after.read(file) ?? "")
      .map((line) => ({ ...line, file }))
  );
}

/** The lines that differ, in a translation that says when they are passed. */
function watchedLines(before: PatchedTree, after: PatchedTree, translation: Translation) {
  const wanted = linesOf(before, after);
  const { numbers, within, functions, ...rest } = watchLines(translation, wanted, MOST);
  const lines = wanted.flatMap((line, i) => {
    const number = numbers[i];
    return number === null ? [] : [{ ...line, number }];
  });
  return { lines, translation: rest.translation, watched: { functions, within, heads: [] } };
}

/**
 * Functions of which only the translation differs: a diff of a structure or a constant changes what the
 * functions do that use it.
 */
function changedByTypes(before: Translation, after: Translation): string[] {
  const textsOf = ({ functions, helpers }: Translation) =>
    new Map([...helpers, ...functions].map(([name, { lines }]) => [name, textOf(lines)]));
  const texts = textsOf(before);
  return [...textsOf(after)].filter(([name, text]) => texts.get(name) !== text).map(([name]) =>
    name
  );
}

async function ofTree(
  fixes: readonly string[],
  { values }: Request,
  preempt: Preempt,
): Promise<Sides> {
  const dir = values.linux!;
  const { patch = [], bits } = values;
  // What is given with --patch belongs to both sides.
  const before = await openPatched(dir, patch.filter(isDiff), { preempt, bits });
  const diffs = [...patch, ...fixes].filter(isDiff);
  const after = await openPatched(dir, diffs, { preempt, bits });
  const kernel = values.kernel ?? nearestKernel(after.tree.version);
  const model = readModel(kernel);
  const cache = values.cache ?? `${dir}/.objcg-fuzz`;
  const write = ({ read, tree }: PatchedTree, translation: Translation) =>
    writePatch({ tree, read, model, translation }, cache);
  const translation = translateTree(after.tree, model);
  const seen = watchedLines(before, after, translation);
  const change = changeOf(before, after);
  const { effective, notLookedAt } = effectOf(change, { model, translation });
  const old = translateTree(before.tree, model);
  const others = changedByTypes(old, translation).filter((name) => !effective.includes(name));
  const own = patch.filter((path) => !isDiff(path));
  const models = await functionsReplaced(fixes.filter((path) => !isDiff(path)));
  const { functions } = seen.watched;
  return {
    kernel,
    base: [await write(before, old), ...own],
    patched: [await write(after, seen.translation), ...own, ...fixes.filter((f) => !isDiff(f))],
    changed: [...effective, ...others, ...models],
    // What changed no other function is the model's: it has such a constant or structure by hand.
    notLookedAt: others.length > 0 ? notLookedAt : [...notLookedAt, ...change.outside],
    leftOut: leftOutOf(translation),
    lines: seen.lines,
    watched: { base: wholeFunctions(functions), patched: seen.watched },
  };
}

/** Make the sides of a review of `fixes` under a preemption model. */
export async function sidesOf(
  fixes: readonly string[],
  request: Request,
  preempt: Preempt,
): Promise<Sides> {
  if (request.values.linux === undefined) return await ofModel(fixes, request);
  return await ofTree(fixes, request, preempt).catch((e) => {
    throw e instanceof CError ? new UsageError(`${request.values.linux}/${e.message}`) : e;
  });
}
