/**
 * Finds the module and the specification of a target by its name or path.
 *
 * @module
 */
import { DEFAULT_TARGET } from "../../prog/format.ts";
import { loadToRead } from "../../machine/load.ts";
import { specOf, type Target } from "../../prog/target.ts";
import type { TargetSpec } from "../../prog/types.ts";
import { targetNames, TARGETS } from "../flags/known.ts";
import { fileUrl } from "./paths.ts";
import { UsageError } from "../flags/usage.ts";

/** A target, without what its module declares. */
export interface NamedTarget {
  readonly name: string;
  /** Absolute URL of the module. */
  readonly url: string;
  /** Whether it was named by a path: it does not come with the project. */
  readonly isFile: boolean;
}

export interface LoadedTarget extends NamedTarget {
  readonly spec: TargetSpec;
}

/** The module of a target given by name or by the path of a `.ts` file. */
export function targetUrl(word: string): string {
  return word.endsWith(".ts") ? fileUrl(word) : new URL(`${word}.ts`, TARGETS).href;
}

function isTarget(value: unknown): value is Target {
  const t = value as Partial<Target> | null | undefined;
  return typeof t?.name === "string" && typeof t.ops === "object" && t.ops !== null;
}

/**
 * A target by its word. One that comes with the project has the name of its file and need not be loaded
 * for that, which takes a third of the start of a campaign.
 */
export async function nameTarget(word: string): Promise<NamedTarget> {
  if (word.endsWith(".ts")) return await loadTarget(word);
  return { name: word, url: targetUrl(word), isFile: false };
}

/** Load one target. */
export async function loadTarget(word: string): Promise<LoadedTarget> {
  const url = targetUrl(word);
  let module: { default?: unknown };
  try {
    module = await loadToRead(() => import(url));
  } catch (e) {
    throw new UsageError(`Cannot load target "${word}": ${(e as Error).message}`);
  }
  if (!isTarget(module.default)) {
    throw new UsageError(`Cannot use target "${word}": its default export is not a Target`);
  }
  const isFile = word.endsWith(".ts");
  try {
    return { name: module.default.name, url, isFile, spec: specOf(module.default) };
  } catch (e) {
    if (e instanceof RangeError) {
      throw new UsageError(`Cannot use target "${word}": ${e.message}`);
    }
    throw e;
  }
}

/** The targets that these files may name. `word` is the value of `--target`, if it was given. */
export async function targetsFor(
  texts: readonly string[],
  word: string | undefined,
): Promise<LoadedTarget[]> {
  if (word !== undefined) return [await loadTarget(word)];
  const known = targetNames();
  const named = new Set([DEFAULT_TARGET]);
  for (const text of texts) {
    const name = /^target:[ \t]*(\S+)[ \t]*$/m.exec(text)?.[1];
    if (name !== undefined) named.add(name);
  }
  // The message about an unknown name needs all targets. Otherwise load only those that are used, so
  // that a broken target does not disturb the others.
  const all = [...named].some((name) => !known.includes(name));
  return await Promise.all((all ? known : known.filter((n) => named.has(n))).map(loadTarget));
}
