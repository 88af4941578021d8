/**
 * Where a campaign keeps what it finds.
 *
 * @module
 */
import { contentHash, slug } from "../../prog/hash.ts";

/** Writing files, as the command line lets the engine do it. */
export interface Files {
  /** Write a file under a temporary name, then rename it; makes the folders. */
  write(path: string, text: string): void;
  /** The text of a file, or null if there is none. */
  read(path: string): string | null;
  /** Paths of the `.txt` files in a folder, sorted; none if it does not exist. */
  list(dir: string): string[];
}

/** File of a crash: its title says what, the hash keeps titles with one slug apart. */
export function crashPath(dir: string, title: string): string {
  return `${dir}/${slug(title)}-${contentHash(title).slice(0, 8)}.txt`;
}

/** File of a queue entry: its content names it. */
export function queuePath(dir: string, text: string): string {
  return `${dir}/${contentHash(text)}.txt`;
}
