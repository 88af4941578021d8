/**
 * Memory by size — mm/slab_common.c, include/linux/slab.h.
 *
 * A size class is a slab of character arrays, with one cell per character. The part of a slot that
 * the caller did not ask for is redzone. The memory controller allocates structures (slab.ts). This
 * file is for code that counts bytes.
 *
 * MODEL: size classes are powers of two, and there is no page allocator behind the largest.
 *
 * @module
 */
import { cellOf } from "../machine/layout/lvalue.ts";
import { element } from "../machine/memory/access.ts";
import { kernel } from "../machine/calls/registry.ts";
import { checkRange } from "../machine/memory/shadow.ts";
import { slabResize, slabSize, slabUnpark } from "../machine/memory/slab.ts";
import {
  chars,
  type Fields,
  type Lvalue,
  type Struct,
  type StructType,
} from "../machine/memory/struct_type.ts";
import { objectAt } from "../machine/memory/objects.ts";
import { struct } from "../machine/memory/struct.ts";
import type { gfp_t } from "./errno.ts";
import { kfree, slab_alloc_node } from "./slab.ts";
import { memcpy, memset } from "./string.ts";

/** A pointer to characters. */
export type char_ptr = Lvalue<number>;

interface kmalloc_object extends Struct, Fields<{ bytes: number }> {}

/** Bytes per object, and the number of objects. */
const SIZES: readonly [number, number][] = [
  [8, 8],
  [16, 8],
  [32, 4],
  [64, 6],
  [128, 10],
  [256, 12],
  [1024, 2],
];
/** KMALLOC_MAX_CACHE_SIZE */
export const KMALLOC_MAX_CACHE_SIZE = SIZES[SIZES.length - 1][0];

const kmalloc_caches: StructType<kmalloc_object>[] = SIZES.map(([size, n]) =>
  struct<kmalloc_object>(`kmalloc-${size}`, { bytes: chars(size) }, n)
);

/** kmalloc_slab(): the smallest class that is large enough, or null. */
export function kmalloc_slab(size: number): StructType<kmalloc_object> | null {
  return kmalloc_caches.find((c) => size <= c.cells) ?? null;
}

/** The object that begins at `p`. The caller knows that one begins there. */
export function virt_to_object(p: char_ptr): Struct {
  return objectAt(cellOf(p))!;
}

/** __kmalloc(): `size` bytes with undefined content. Context: any; may sleep if gfp says so. */
export function __kmalloc(size: number, gfp: gfp_t, zero = false): char_ptr | null {
  const cache = kmalloc_slab(size);
  const o = cache === null ? null : slab_alloc_node(cache, gfp, zero, size);
  return o === null ? null : o.$bytes;
}

/** kasan_check_byte(): check an access to the first byte, without an access. */
export function kasan_check_byte(p: char_ptr): void {
  checkRange(cellOf(p), 1, false);
}

/** ksize(): bytes of the slot. The caller may use fewer. Context: any. */
export const ksize = kernel("ksize", (p: char_ptr | null): number => {
  if (p === null) return 0;
  kasan_check_byte(p);
  return virt_to_object(p).type.cells;
}, { inline: true });

/** krealloc(): in place if the slot is large enough. Context: as for __kmalloc(). */
export const krealloc = kernel(
  "krealloc",
  (p: char_ptr | null, new_size: number, gfp: gfp_t): char_ptr | null => {
    if (p === null) return __kmalloc(new_size, gfp);
    const ks = ksize(p);
    if (ks >= new_size) {
      slabResize(virt_to_object(p), new_size);
      return p;
    }
    const ret = __kmalloc(new_size, gfp);
    if (ret === null) return null;
    memcpy(ret, p, slabSize(virt_to_object(p)));
    kfree(p);
    return ret;
  },
  { inline: true },
);

/** kfree_sensitive(): zeroes the whole slot first. Context: as for kfree(). */
export const kfree_sensitive = kernel("kfree_sensitive", (p: char_ptr | null): void => {
  const ks = ksize(p);
  if (p === null) return;
  slabResize(virt_to_object(p), ks); // kasan_unpoison_range()
  memset(p, 0, ks); // memzero_explicit()
  kfree(p);
}, { inline: true });

/** The address of the byte `i` bytes behind `p`. */
export function byte(p: char_ptr, i: number): char_ptr {
  return element(p, i);
}

/**
 * kasan_mempool_unpoison_object(): take an object out of a pool; `size` bytes of it may be used.
 */
export function kasan_mempool_unpoison_object(p: char_ptr, size: number): void {
  slabUnpark(virt_to_object(p), size);
}
