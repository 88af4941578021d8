/**
 * Memory and strings — lib/string.c, mm/kasan/shadow.c.
 *
 * A character is a cell. memset(), memcpy() and memmove() check the whole range before they access
 * it, as KASAN's versions do. The other functions are ordinary code that goes from character to
 * character. A copy of an uninitialised character is uninitialised.
 *
 * @module
 */
import { cellOf } from "../machine/layout/lvalue.ts";
import { array_load, array_store } from "../machine/memory/access.ts";
import { kernel } from "../machine/calls/registry.ts";
import { checkRange } from "../machine/memory/shadow.ts";
import type { Lvalue } from "../machine/memory/struct_type.ts";

type char_ptr = Lvalue<number>;

/** memset() Context: any. */
export const memset = kernel("memset", (s: char_ptr, c: number, count: number): void => {
  checkRange(cellOf(s), count, true);
  for (let i = 0; i < count; i++) array_store(s, i, c);
}, { inline: true });

function memset_units(s: char_ptr, v: number, count: number): void {
  for (let i = 0; i < count; i++) array_store(s, i, v);
}
/** memset16(), memset32(), memset64(): cells stand for units of that size. Context: any. */
export const memset16 = kernel("memset16", memset_units);
export const memset32 = kernel("memset32", memset_units);
export const memset64 = kernel("memset64", memset_units);

/** memcpy(): the ranges do not overlap. Context: any. */
export const memcpy = kernel("memcpy", (dest: char_ptr, src: char_ptr, count: number): void => {
  checkRange(cellOf(src), count, false);
  checkRange(cellOf(dest), count, true);
  for (let i = 0; i < count; i++) array_store(dest, i, array_load(src, i));
}, { inline: true });

/** memmove(): the ranges may overlap. Context: any. */
export const memmove = kernel("memmove", (dest: char_ptr, src: char_ptr, count: number): void => {
  checkRange(cellOf(src), count, false);
  checkRange(cellOf(dest), count, true);
  if (dest <= src) { for (let i = 0; i < count; i++) array_store(dest, i, array_load(src, i)); }
  else for (let i = count - 1; i >= 0; i--) array_store(dest, i, array_load(src, i));
}, { inline: true });

/** memchr(): index of the first `c`, or -1 for NULL. Context: any. */
export const memchr = kernel("memchr", (s: char_ptr, c: number, n: number): number => {
  for (let i = 0; i < n; i++) if (array_load(s, i) === c) return i;
  return -1;
});

/** memcmp() Context: any. */
export const memcmp = kernel("memcmp", (a: char_ptr, b: char_ptr, n: number): number => {
  for (let i = 0; i < n; i++) {
    const d = array_load(a, i) - array_load(b, i);
    if (d !== 0) return d;
  }
  return 0;
});

/** strchr(): index of the first `c`, or -1 for NULL. Context: any. */
export const strchr = kernel("strchr", (s: char_ptr, c: number): number => {
  for (let i = 0;; i++) {
    const v = array_load(s, i);
    if (v === c) return i;
    if (v === 0) return -1;
  }
});

/** strrchr(): index of the last `c`, or -1 for NULL. Context: any. */
export const strrchr = kernel("strrchr", (s: char_ptr, c: number): number => {
  let last = -1;
  for (let i = 0;; i++) {
    const v = array_load(s, i);
    if (v === c) last = i;
    if (v === 0) return last;
  }
});

/** strncmp() Context: any. */
export const strncmp = kernel("strncmp", (a: char_ptr, b: char_ptr, count: number): number => {
  for (let i = 0; i < count; i++) {
    const x = array_load(a, i);
    const y = array_load(b, i);
    if (x !== y) return x < y ? -1 : 1;
    if (x === 0) break;
  }
  return 0;
});

/** strcmp() Context: any. */
export const strcmp = kernel("strcmp", (a: char_ptr, b: char_ptr): number => {
  for (let i = 0;; i++) {
    const x = array_load(a, i);
    const y = array_load(b, i);
    if (x !== y) return x < y ? -1 : 1;
    if (x === 0) return 0;
  }
});

/** strlen() Context: any. */
export const strlen = kernel("strlen", (s: char_ptr): number => {
  let n = 0;
  while (array_load(s, n) !== 0) n++;
  return n;
});

/** strnlen() Context: any. */
export const strnlen = kernel("strnlen", (s: char_ptr, count: number): number => {
  let n = 0;
  while (n < count && array_load(s, n) !== 0) n++;
  return n;
});
