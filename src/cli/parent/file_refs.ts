/**
 * The files that an input names: its patches, and the file of its target.
 *
 * @module
 */
import { ParseError } from "../../prog/errors.ts";
import type { FileRef } from "../../prog/types.ts";
import { sha256 } from "../files/sha256.ts";
import { reason } from "../files/system_error.ts";
import { absolutePath, fileUrl, pathOf } from "./paths.ts";

/** Hexadecimal digits of a checksum that a message shows. */
const SHOWN = 12;

/** The path from the root, without "." and "..". */
function normalPath(path: string): string {
  return pathOf(fileUrl(path));
}

function checksum(path: string): string {
  return sha256(Deno.readFileSync(path));
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Files that a path in the input `file` may mean, the likeliest first; without the working directory. */
function candidates(path: string, file: string): string[] {
  if (path.startsWith("/")) return [normalPath(path)];
  const paths: string[] = [];
  for (let dir = normalPath(file); dir !== "";) {
    dir = dir.slice(0, dir.lastIndexOf("/"));
    paths.push(normalPath(`${dir}/${path}`));
  }
  return paths;
}

/** The file beside the input `file` that has the name of the one at `path`. */
function beside(path: string, file: string): string {
  return normalPath(`${absolutePath(file)}/../${path.slice(path.lastIndexOf("/") + 1)}`);
}

/** Folder of the project's own patches, such as those of `--fixed`. */
const OWN_PATCHES = "src/kernel/patches/";

/**
 * The project's own file that an input means which was written in another checkout, or in another place: a
 * machine runs the patches of its own checkout only. Null if the path leads to no such folder.
 */
function ownPatch(path: string): string | null {
  const i = `/${path}`.lastIndexOf(`/${OWN_PATCHES}`);
  const name = i < 0 ? "" : path.slice(i + OWN_PATCHES.length);
  if (name === "" || name.includes("/")) return null;
  const own = pathOf(new URL(`../../kernel/patches/${name}`, import.meta.url).href);
  return isFile(own) ? own : null;
}

/** A reference, for the input `file`, to the file at `path`: its path as given, if that suffices. */
export function refTo(path: string, file: string): FileRef {
  const target = normalPath(path);
  const isClear = candidates(path, file).find(isFile) === target;
  return { path: isClear ? path : target, sha256: checksum(target) };
}

/**
 * The path of the file that an input means. Throws a {@linkcode ParseError} if there is none, or only
 * changed ones; `kind` is the flag that names another.
 */
export function resolveRef(ref: FileRef, file: string, kind: "patch" | "target"): string {
  const { at = { line: 1, column: 1 }, path } = ref;
  const own = ownPatch(path);
  const all = own !== null
    ? [own]
    : [...candidates(path, file), normalPath(path), beside(path, file)];
  const found = all.filter(isFile);
  const other = `name the ${kind} to run with --${kind} PATH`;
  if (found.length === 0) {
    throw new ParseError(
      file,
      at,
      `Cannot find ${kind} "${path}" beside the file, above it or in the working directory: ${other}`,
    );
  }
  try {
    if (ref.sha256 === undefined) return found[0];
    const match = found.find((f) => checksum(f) === ref.sha256);
    if (match !== undefined) return match;
    const sums = [ref.sha256, checksum(found[0])].map((sum) => sum.slice(0, SHOWN));
    throw new ParseError(
      file,
      at,
      `Cannot use ${kind} "${found[0]}": it has changed since this file was written ` +
        `(sha256 ${sums[0]}…, now ${sums[1]}…): ${other}`,
    );
  } catch (e) {
    if (e instanceof ParseError) throw e;
    throw new ParseError(file, at, `Cannot read ${kind} "${found[0]}": ${reason(e)}`);
  }
}
