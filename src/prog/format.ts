/**
 * Name and version of the file format, and the default target.
 *
 * @module
 */

/**
 * The first word of every input file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(MAGIC, "objcg-fuzz");
 * ```
 */
export const MAGIC = "objcg-fuzz";
/**
 * The format that this version reads and writes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(VERSION, 1);
 * ```
 */
export const VERSION = 1;
/**
 * The target of a program without a `target` header.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(DEFAULT_TARGET, "objcg");
 * ```
 */
export const DEFAULT_TARGET = "objcg";
