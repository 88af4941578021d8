/**
 * The user asked for something that cannot be done: exit 1, and a message that says what would be
 * right.
 *
 * @module
 */
import { unknownWord } from "../../prog/errors.ts";

export class UsageError extends Error {
  override name = "UsageError";
}

/** The word if it is a known one; the error names the nearest and all others. */
export function knownWord(kind: string, word: string, known: readonly string[]): string {
  if (known.includes(word)) return word;
  const message = unknownWord(kind, word, known);
  // A guess alone would leave who meant something else without a way on.
  throw new UsageError(message.endsWith("?") ? `${message} Known: ${known.join(", ")}` : message);
}

/** Why the system refused, without its number. */
export function reason(e: unknown): string {
  return (e as Error).message.replace(/ \(os error \d+\).*$/s, "").toLowerCase();
}
