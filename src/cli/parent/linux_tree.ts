/**
 * A kernel tree that a command line names, and the kernel of the series that is nearest to it.
 *
 * @module
 */
import { type Choice, configuration } from "../../c/front/config.ts";
import { DiffError, patched } from "../../c/front/diff.ts";
import { CError } from "../../c/front/error.ts";
import { loadC } from "../../c/front/language.ts";
import { changedOutside } from "../../c/front/outside_functions.ts";
import { type ReadFile, Tree, TreeError } from "../../c/front/tree.ts";
import { VERSIONS } from "../../kernel/series/kernels.ts";
import { reason } from "../files/system_error.ts";
import { UsageError } from "../flags/usage.ts";

/** A tree may be this many minor versions newer than the last kernel of the series. */
const FARTHEST = 2;

/** Releases in one order: 5.19 is followed by 6.0. Null for a kernel that is no release. */
function ordinal(version: string): number | null {
  const [, major, minor] = /^v(\d+)\.(\d+)$/.exec(version) ?? [];
  if (major === undefined) return null;
  return Number(major) < 6 ? Number(minor) : 20 * (Number(major) - 5) + Number(minor);
}

/** The newest kernel of the series that is not newer than the tree. */
export function nearestKernel(version: string): string {
  const releases = VERSIONS.map(({ name }) => name).filter((name) => ordinal(name) !== null);
  const at = ordinal(version)!;
  const [first, last] = [releases[0], releases.at(-1)!];
  if (at < ordinal(first)! || at > ordinal(last)! + FARTHEST) {
    throw new UsageError(
      `Cannot use a tree of ${version}: the model has ${first} to ${last}; --kernel names the nearest`,
    );
  }
  return releases.findLast((name) => ordinal(name)! <= at)!;
}

/** The text of a file of the tree, or null. */
function readTreeFile(dir: string, path: string): string | null {
  try {
    return Deno.readTextFileSync(`${dir}/${path}`);
  } catch (e) {
    if (e instanceof Deno.errors.NotFound || e instanceof Deno.errors.NotADirectory) return null;
    throw new UsageError(`Cannot read ${dir}/${path}: ${reason(e)}`);
  }
}

function readDiff(path: string): { name: string; text: string } {
  try {
    return { name: path, text: Deno.readTextFileSync(path) };
  } catch (e) {
    throw new UsageError(`Cannot read patch "${path}": ${reason(e)}`);
  }
}

/** Run what reads a tree; errors name the folder. */
function reading<T>(dir: string, run: () => T): T {
  try {
    return run();
  } catch (e) {
    if (e instanceof TreeError) throw new UsageError(`Cannot use --linux ${dir}: ${e.message}`);
    if (e instanceof CError) throw new UsageError(`${dir}/${e.message}`);
    if (e instanceof DiffError) throw new UsageError(e.message);
    throw e;
  }
}

/** A tree without and with diffs, and the files that they name. */
export interface PatchedTree {
  readonly base: Tree;
  readonly tree: Tree;
  readonly files: readonly string[];
  /** Reads files of the tree without the diffs, and with them. */
  readonly readBase: ReadFile;
  readonly read: ReadFile;
}

/** Open a tree, and apply diffs to it in memory. */
export async function openPatched(
  dir: string,
  diffs: readonly string[],
  choice: Choice = {},
): Promise<PatchedTree> {
  const parse = await loadC();
  const open = (read: ReadFile) => new Tree(read, parse, configuration(choice));
  return reading(dir, () => {
    const read = (path: string) => readTreeFile(dir, path);
    const base = open(read);
    if (diffs.length === 0) return { base, tree: base, files: [], readBase: read, read };
    const after = patched(read, diffs.map(readDiff));
    return { base, tree: open(after.read), files: after.files, readBase: read, read: after.read };
  });
}

/** What diffs change. */
export interface Change {
  /** Functions that are new, gone, or have other text than before; comments do not count. */
  readonly functions: readonly string[];
  /** Lines outside of functions, with their files. */
  readonly outside: readonly string[];
  /** Files that are not read at all. */
  readonly files: readonly string[];
}

/** Text in which blanks do not matter. */
function squeezed(text: string | undefined): string | null {
  return text?.replace(/\s+/g, " ").trim() ?? null;
}

/** A tree, and its files as it was read from them. */
type Readable = Pick<PatchedTree, "tree" | "read">;

/** Compare a tree with diffs with what it was without some or all of them. */
export function changeOf(before: Readable, after: PatchedTree): Change {
  const [base, tree] = [before.tree, after.tree];
  const names = new Set([...base.functionNames(), ...tree.functionNames()]);
  const functions = [...names].filter((name) =>
    squeezed(base.placeOfFunction(name)?.text) !== squeezed(tree.placeOfFunction(name)?.text)
  );
  const version = ({ read, tree }: Readable, path: string) => ({ tree, text: read(path) ?? "" });
  const isRead = (path: string) => tree.files.includes(path);
  return {
    functions,
    outside: after.files.filter(isRead).flatMap((path) =>
      changedOutside(version(before, path), version(after, path), path)
    ),
    files: after.files.filter((path) => !isRead(path)),
  };
}
