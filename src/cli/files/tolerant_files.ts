/**
 * Files of a campaign that goes on when one of them cannot be written.
 *
 * @module
 */
import { isSystemError, reason } from "./system_error.ts";
import type { Files } from "../../engine/triage/store.ts";

/** Told of a file that could not be written: why not, and what it would hold. */
export type Unwritten = (path: string, why: string, text: string) => void;

/** The same files; an error of the system while one is written is told instead of thrown. */
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
