/**
 * Unified diffs, as files, mails or an mbox, applied to the files of a tree in memory.
 *
 * Offsets are found as `patch` finds them. Nothing is half applied: the first hunk that does not fit is
 * an error, and then no file is changed.
 *
 * @module
 */
import { applyPatch } from "diff";
import type { ReadFile } from "./tree.ts";

/** A hunk, with the line of the diff at which it begins. */
interface Hunk {
  readonly line: number;
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: string[];
}

/** What a diff changes in one file. */
export interface FileDiff {
  /** The path in the tree; null for a file that is new, or gone. */
  readonly from: string | null;
  readonly to: string | null;
  readonly hunks: readonly Hunk[];
}

/** A diff cannot be read or applied; the message begins with its line. */
export class DiffError extends Error {
  override name = "DiffError";
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The path behind `--- ` or `+++ `, without its first folder; null for /dev/null. */
function pathIn(line: string): string | null {
  const path = line.slice(4).split("\t")[0].trim();
  return path === "/dev/null" ? null : path.replace(/^[^/]+\//, "");
}

/** Read one hunk; returns the index of the line behind it. */
function readHunk(lines: readonly string[], at: number, name: string): [Hunk, number] {
  const [, oldStart, oldLines = "1", newStart, newLines = "1"] = HUNK.exec(lines[at])!;
  const hunk: Hunk = {
    line: at + 1,
    oldStart: Number(oldStart),
    oldLines: Number(oldLines),
    newStart: Number(newStart),
    newLines: Number(newLines),
    lines: [],
  };
  let [old, fresh, i] = [hunk.oldLines, hunk.newLines, at + 1];
  while (old > 0 || fresh > 0) {
    // Mailers cut the blank of an empty line.
    const line = lines[i] === "" && i < lines.length - 1 ? " " : lines[i];
    if (line === undefined || !/^[-+ \\]/.test(line)) {
      throw new DiffError(`${name}:${i + 1}: the hunk of line ${at + 1} has too few lines`);
    }
    if (line[0] !== "+" && line[0] !== "\\") old--;
    if (line[0] !== "-" && line[0] !== "\\") fresh--;
    hunk.lines.push(line);
    i++;
  }
  if (lines[i]?.startsWith("\\")) hunk.lines.push(lines[i++]);
  return [hunk, i];
}

/** Read a diff. `name` is what messages call it. What is no diff, such as a mail's text, is passed over. */
export function parseDiff(text: string, name: string): FileDiff[] {
  const lines = text.replace(/\r\n/g, "\n").split("\n");
  const files: FileDiff[] = [];
  for (let i = 0; i < lines.length;) {
    const isFile = lines[i].startsWith("--- ") && lines[i + 1]?.startsWith("+++ ") &&
      HUNK.test(lines[i + 2] ?? "");
    if (!isFile) {
      i++;
      continue;
    }
    const hunks: Hunk[] = [];
    files.push({ from: pathIn(lines[i]), to: pathIn(lines[i + 1]), hunks });
    i += 2;
    while (HUNK.test(lines[i] ?? "")) {
      const [hunk, next] = readHunk(lines, i, name);
      hunks.push(hunk);
      i = next;
    }
  }
  if (files.length === 0) {
    throw new DiffError(`${name}:1: this is no unified diff: it has no "--- a/FILE" with a hunk`);
  }
  return files;
}

/** The text of a file that is new. */
function added({ hunks }: FileDiff): string {
  const lines = hunks.flatMap((h) => h.lines).filter((line) => line[0] === "+");
  return lines.map((line) => `${line.slice(1)}\n`).join("");
}

/** Apply hunks one by one, so that the one that does not fit can be named. */
function applied(text: string, { to, hunks }: FileDiff, path: string, name: string): string {
  let done = text;
  let shift = 0;
  for (const hunk of hunks) {
    // Hunks before this one have moved its lines.
    const { line: _, ...plain } = hunk;
    const moved = { ...plain, oldStart: hunk.oldStart + shift, newStart: hunk.newStart };
    const patch = { oldFileName: path, newFileName: to ?? path, hunks: [moved] };
    const next = applyPatch(done, patch as never, { fuzzFactor: 0 });
    if (next === false) {
      throw new DiffError(
        `${name}:${hunk.line}: the hunk @@ -${hunk.oldStart},${hunk.oldLines} @@ does not apply to ${path}`,
      );
    }
    done = next;
    shift += hunk.newLines - hunk.oldLines;
  }
  return done;
}

/**
 * A tree with diffs applied, in order. Only files that are asked for are read; a diff of others is not
 * looked at. `files` are all paths that the diffs name.
 */
export function patched(
  read: ReadFile,
  diffs: readonly { readonly name: string; readonly text: string }[],
): { read: ReadFile; files: readonly string[] } {
  const changed = new Map<string, string | null>();
  for (const { name, text } of diffs) {
    for (const file of parseDiff(text, name)) {
      const path = file.from ?? file.to!;
      const before = changed.has(path) ? changed.get(path)! : file.from === null ? "" : read(path);
      if (before === null) {
        throw new DiffError(`${name}:${file.hunks[0].line}: the tree has no file ${path}`);
      }
      const after = file.from === null ? added(file) : applied(before, file, path, name);
      if (file.to !== path && file.from !== null) changed.set(path, null);
      if (file.to !== null) changed.set(file.to, after);
    }
  }
  return {
    read: (path) => changed.has(path) ? changed.get(path)! : read(path),
    files: [...changed.keys()],
  };
}
