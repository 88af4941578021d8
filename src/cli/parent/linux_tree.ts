/**
 * A kernel tree that a command line names, and the kernel of the series that is nearest to it.
 *
 * @module
 */
import { type Choice, configuration } from "../../c/front/config.ts";
import { CError } from "../../c/front/error.ts";
import { loadC } from "../../c/front/language.ts";
import { Tree, TreeError } from "../../c/front/tree.ts";
import { VERSIONS } from "../../kernel/series/kernels.ts";
import { reason } from "../files/system_error.ts";
import { UsageError } from "../flags/usage.ts";

/** A tree may be this many minor versions newer than the last kernel of the series, or older. */
const FARTHEST = 2;

/** `6.12` of `v6.12`; null for a kernel that is no release. */
function numbers(version: string): [number, number] | null {
  const [, major, minor] = /^v(\d+)\.(\d+)$/.exec(version) ?? [];
  return major === undefined ? null : [Number(major), Number(minor)];
}

/** Releases in one order: 5.19 is followed by 6.0. */
function ordinal([major, minor]: [number, number]): number {
  return major < 6 ? minor : 20 * (major - 5) + minor;
}

/** The newest kernel of the series that is not newer than the tree. */
export function nearestKernel(version: string): string {
  const of = (name: string) => ordinal(numbers(name)!);
  const releases = VERSIONS.map(({ name }) => name).filter((name) => numbers(name) !== null);
  const at = of(version);
  const [first, last] = [releases[0], releases.at(-1)!];
  if (at < of(first) || at > of(last) + FARTHEST) {
    throw new UsageError(
      `Cannot use a tree of ${version}: the model has ${first} to ${last}; --kernel names the nearest`,
    );
  }
  return releases.findLast((name) => of(name) <= at)!;
}

/** The text of a file of the tree, or null. */
export function readTreeFile(dir: string, path: string): string | null {
  try {
    return Deno.readTextFileSync(`${dir}/${path}`);
  } catch (e) {
    if (e instanceof Deno.errors.NotFound || e instanceof Deno.errors.NotADirectory) return null;
    throw new UsageError(`Cannot read ${dir}/${path}: ${reason(e)}`);
  }
}

/** Open a tree. Errors name the folder. */
export async function openTree(dir: string, choice: Choice = {}): Promise<Tree> {
  const parse = await loadC();
  try {
    return new Tree((path) => readTreeFile(dir, path), parse, configuration(choice));
  } catch (e) {
    if (e instanceof TreeError) throw new UsageError(`Cannot use --linux ${dir}: ${e.message}`);
    if (e instanceof CError) throw new UsageError(`${dir}/${e.message}`);
    throw e;
  }
}
