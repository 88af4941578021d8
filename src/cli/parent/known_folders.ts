/**
 * The folders with inputs of known bugs.
 *
 * @module
 */
import { absolutePath, pathOf } from "./paths.ts";

/** The folder of the corpus that comes with the project. */
const CORPUS = new URL("../../../corpus/", import.meta.url);

/** Folders with inputs of known bugs: those of the project, and those of the corpus in use. */
export function knownFolders(target: string, corpusDir: string): string[] {
  const own = pathOf(new URL(target, CORPUS).href);
  const dirs = absolutePath(corpusDir) === own ? [own] : [own, corpusDir];
  return dirs.flatMap((dir) => [`${dir}/seeds`, `${dir}/regressions`]);
}
