/**
 * The sources of points: from the number of a file and a line to what a page shows.
 *
 * A file may be a translation. Then its lines come from another file, and the page shows that one.
 *
 * @module
 */
import { fileHash } from "../prog/hash.ts";
import type { Excerpt } from "./data.ts";
import { Excerpts } from "./excerpts.ts";

/** Where a line of a translation comes from. */
export interface Origin {
  /** The function in the file that was translated. */
  readonly excerpt: Excerpt;
  readonly line: number;
}

/** A source file that points may lie in. */
export interface SourceFile {
  /** As stack traces name it. */
  readonly url: string;
  /** As the page names it. */
  readonly name: string;
  /** Where its lines come from, if it is a translation; null for a line that stands for none. */
  readonly originOf?: (line: number) => Origin | null;
}

/** Where a point lies. */
export interface SourcePlace {
  /** Number of the excerpt that has the line; -1 if the source is not known. */
  readonly excerpt: number;
  readonly line: number;
}

const NOWHERE: SourcePlace = { excerpt: -1, line: 0 };

/** The sources of a page, and the excerpts that it needs. */
export class Sources {
  readonly #files: ReadonlyMap<number, SourceFile>;
  readonly #read: (url: string) => string | null;
  readonly #excerpts = new Excerpts();

  /** @param read gives the text of a source file; null if it cannot be read. */
  constructor(files: readonly SourceFile[], read: (url: string) => string | null) {
    this.#files = new Map(files.map((file) => [fileHash(file.url), file]));
    this.#read = read;
  }

  /** All excerpts that were needed, by number. */
  get excerpts(): readonly Excerpt[] {
    return this.#excerpts.all;
  }

  /** The place of a line, in the file with that number. */
  place(file: number, line: number): SourcePlace {
    const source = this.#files.get(file);
    if (source === undefined) return NOWHERE;
    const origin = source.originOf?.(line) ?? null;
    if (origin !== null) return { excerpt: this.#excerpts.put(origin.excerpt), line: origin.line };
    const excerpt = this.#excerpts.add(source.name, line, () => this.#read(source.url));
    return excerpt < 0 ? NOWHERE : { excerpt, line };
  }
}
