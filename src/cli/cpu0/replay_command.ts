/**
 * The command line that shows a finding again.
 *
 * @module
 */
import { shellWord } from "../protocol/shell_word.ts";

/** The complete command that replays a file; `flags` are those that the file does not stand for. */
export function replayCommand(file: string, flags = ""): string {
  return `deno task replay ${shellWord(file)}${flags}`;
}
