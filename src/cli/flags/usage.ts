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

/**
 * The reason of a system error, without its number and without Deno's advice to allow everything: a
 * directory that Deno guards, such as /proc, is no place for files.
 */
export function reason(e: unknown): string {
  if (e instanceof Deno.errors.NotCapable) return "this process may not use that path";
  return (e as Error).message.replace(/ \(os error \d+\).*$/s, "").toLowerCase();
}
