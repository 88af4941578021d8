/**
 * Errors of the user: exit code 1, and a message that says what would be right.
 *
 * @module
 */
import { unknownWord } from "../../prog/errors.ts";

export class UsageError extends Error {
  override name = "UsageError";
}

/** The word, if it is known. The error names the nearest known word and all others. */
export function knownWord(kind: string, word: string, known: readonly string[]): string {
  if (known.includes(word)) return word;
  const message = unknownWord(kind, word, known);
  // A user who meant another word needs the list.
  throw new UsageError(message.endsWith("?") ? `${message} Known: ${known.join(", ")}` : message);
}
