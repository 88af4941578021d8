/**
 * Files for a campaign that goes on if a file cannot be written.
 *
 * @module
 */
import { isSystemError, reason } from "./system_error.ts";
import type { Files } from "../../engine/triage/store.ts";

/** Called for a file that cannot be written: the reason, and what the file would hold. */
export type Unwritten = (path: string, why: string, text: string) => void;

/**
 * The same files. A system error while a file is written is passed to `unwritten` instead of
 * thrown.
 */
export function tolerantFiles(files: Files, unwritten: Unwritten): Files {
  return {
    write(path, text, lasting) {
      try {
        files.write(path, text, lasting);
      } catch (e) {
        if (!isSystemError(e)) throw e;
        unwritten(path, reason(e), text);
      }
    },
    read: (path) => files.read(path),
    list: (dir) => files.list(dir),
  };
}
