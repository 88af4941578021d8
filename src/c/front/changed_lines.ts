/**
 * The lines that differ between two texts of a file. Blanks and comments make no difference.
 *
 * @module
 */
import { diffArrays } from "diff";
import { blankComments } from "./strip.ts";

/** A line of the later text. */
export interface ChangedLine {
  readonly line: number;
  /** The line itself, without blanks around it. */
  readonly text: string;
  /** Number of lines that are gone in front of it. Then the line itself may be as it was. */
  readonly gone: number;
}

/** The lines of a file, without comments and blanks around. */
export function plainLines(text: string): string[] {
  return blankComments(text).split("\n").map((line) => line.replace(/\s+/g, " ").trim());
}

/** Whether a line does nothing: a bracket, a label, a declaration without a value. */
function isIdle(line: string): boolean {
  return /^[{}\s]*$/.test(line) || /^\w+:$/.test(line) || /^else$/.test(line) ||
    (/^(?:const |struct |unsigned )*\w[\w\s*,]*;$/.test(line) &&
      !/^(?:return|break|continue|goto)\b/.test(line));
}

/** The first line from `at` on that does something, or -1. */
function firstBusy(lines: readonly string[], at: number): number {
  for (let i = at; i < lines.length; i++) if (!isIdle(lines[i])) return i;
  return -1;
}

/** What is new in the later text, and where something is gone. Lines that do nothing are left out. */
export function changedLines(before: string, after: string): ChangedLine[] {
  const lines = plainLines(after);
  const changed = new Map<number, ChangedLine>();
  let [at, gone] = [0, 0];
  for (const { added, removed, value } of diffArrays(plainLines(before), lines)) {
    if (removed) {
      gone = value.filter((line: string) => !isIdle(line)).length;
      continue;
    }
    if (added) {
      for (const [i, text] of value.entries()) {
        if (!isIdle(text)) changed.set(at + i, { line: at + i + 1, text, gone: 0 });
      }
    } else if (gone > 0) {
      // Nothing came in the place of what is gone, so what follows it stands for it.
      const next = firstBusy(lines, at);
      if (next >= 0) changed.set(next, { line: next + 1, text: lines[next], gone });
    }
    at += value.length;
    gone = 0;
  }
  return [...changed.values()];
}
