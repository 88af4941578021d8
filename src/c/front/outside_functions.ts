/**
 * What differs between two versions of a file outside of its functions: constants, structures, variables.
 *
 * @module
 */
import { diffArrays } from "diff";
import { plainLines } from "./changed_lines.ts";
import type { Tree } from "./tree.ts";

/** A version of a file: its text, and the tree that it is read with. */
export interface Version {
  readonly tree: Tree;
  readonly text: string;
}

/** The lines of a file, without blanks and comments; those of functions are empty. */
function outsideLines({ tree, text }: Version, path: string): string[] {
  const lines = plainLines(text);
  for (const name of tree.functionNames()) {
    const place = tree.placeOfFunction(name)!;
    if (place.file !== path) continue;
    const count = place.text.split("\n").length;
    lines.fill("", place.line - 1, place.line - 1 + count);
  }
  return lines;
}

/** What is new outside of functions, as `FILE:LINE: TEXT`, and what is gone, without its line. */
export function changedOutside(before: Version, after: Version, path: string): string[] {
  const [old, fresh] = [before, after].map((version) => outsideLines(version, path));
  const changed: string[] = [];
  let at = 0;
  for (const { added, removed, value } of diffArrays(old.filter(Boolean), fresh.filter(Boolean))) {
    if (removed) {
      changed.push(...value.map((text) => `${path}: gone: ${text}`));
      continue;
    }
    if (added) {
      const numbers = fresh.flatMap((text, i) => text === "" ? [] : [i + 1]);
      changed.push(...value.map((text, i) => `${path}:${numbers[at + i]}: ${text}`));
    }
    at += value.length;
  }
  return changed;
}
