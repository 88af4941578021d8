/**
 * The names that every input file begins with or leaves out.
 *
 * @module
 */

/** The first word of every input file. */
export const MAGIC = "objcg-fuzz";
/** The format that this version reads and writes. */
export const VERSION = 1;
/** The target of a program that names none. */
export const DEFAULT_TARGET = "objcg";
