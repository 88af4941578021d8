/**
 * The files that a campaign writes.
 *
 * @module
 */
import { contentHash, slug } from "../../prog/hash.ts";

/** The access to files that the engine gets. */
export interface Files {
  /**
   * Write a file, and create its folders. A kill at any moment leaves the old file or the new file,
   * complete. Unless `lasting` is false, the file is on the disk when this returns.
   */
  write(path: string, text: string, lasting?: boolean): void;
  /** The text of a file, or null if there is none. */
  read(path: string): string | null;
  /** Paths of the `.txt` files in a folder, sorted; none if it does not exist. */
  list(dir: string): string[];
}

/**
 * The file of a finding, named for its title. The hash tells titles with the same slug apart, and
 * findings of one title that have different fingerprints; that of the first one is "".
 */
export function crashPath(dir: string, title: string, print = ""): string {
  return `${dir}/${slug(title)}-${contentHash(title + print).slice(0, 8)}.txt`;
}

/** The file of the report of a finding. */
export function reportPath(crash: string): string {
  return crash.replace(/\.txt$/, ".report");
}

/** The file of the page of a finding. */
export function pagePath(crash: string): string {
  return crash.replace(/\.txt$/, ".html");
}

/** The file of an input that threw an exception, or whose finding did not come again. */
export function brokenPath(dir: string, what: "exception" | "diverged", execs: number): string {
  return `${dir}/${what}-${execs}.txt`;
}

/** The file of a queue entry, named for its content. */
export function queuePath(dir: string, text: string): string {
  return `${dir}/${contentHash(text)}.txt`;
}
