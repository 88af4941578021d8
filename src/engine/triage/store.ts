/**
 * Where a campaign keeps what it finds.
 *
 * @module
 */
import { contentHash, slug } from "../../prog/hash.ts";

/** Reading and writing files, as far as the engine may. */
export interface Files {
  /**
   * Write a file so that a kill at any moment leaves the old one or the new one, whole; makes the
   * folders. Unless `lasting` is false, the file is on the disk when this returns.
   */
  write(path: string, text: string, lasting?: boolean): void;
  /** The text of a file, or null if there is none. */
  read(path: string): string | null;
  /** Paths of the `.txt` files in a folder, sorted; none if it does not exist. */
  list(dir: string): string[];
}

/** File of a finding: its title says what, the hash keeps titles with one slug apart. */
export function crashPath(dir: string, title: string): string {
  return `${dir}/${slug(title)}-${contentHash(title).slice(0, 8)}.txt`;
}

/** File of the report that belongs to the file of a finding. */
export function reportPath(crash: string): string {
  return crash.replace(/\.txt$/, ".report");
}

/** File of an input that threw an exception, or did not show again what it had shown. */
export function brokenPath(dir: string, what: "exception" | "diverged", execs: number): string {
  return `${dir}/${what}-${execs}.txt`;
}

/** File of a queue entry: its content names it. */
export function queuePath(dir: string, text: string): string {
  return `${dir}/${contentHash(text)}.txt`;
}
