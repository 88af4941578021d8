/**
 * Annotations for KMSAN, and questions to it — include/linux/kmsan-checks.h.
 *
 * @module
 */
import { CELL_WORDS } from "../machine/layout/meta.ts";
import { LIVE, UNWRITTEN } from "../machine/layout/shadow_states.ts";
import { cellOf } from "../machine/layout/lvalue.ts";
import { uninitUse } from "../machine/hooks/uninit.ts";
import { isUnwritten, setShadow } from "../machine/memory/shadow.ts";
import type { Lvalue } from "../machine/memory/struct_type.ts";
import { noteUninitRead } from "../machine/memory/uninit.ts";

/** kmsan_check_memory(): `size` cells leave the kernel. All must be initialised. Context: any. */
export function kmsan_check_memory(p: Lvalue<unknown>, size: number): void {
  const a = cellOf(p);
  let first = 0;
  while (first < size && !isUnwritten(a + 2 * first)) first++;
  if (first === size) return;
  let last = first;
  while (last + 1 < size && isUnwritten(a + 2 * (last + 1))) last++;
  noteUninitRead(a + 2 * first);
  uninitUse(`Cells ${first}-${last} of ${size} are uninitialized.`);
}

/** kmsan_unpoison_memory(): the cells count as initialised from now on. Context: any. */
export function kmsan_unpoison_memory(p: Lvalue<unknown>, size: number): void {
  for (let i = 0; i < size; i++) {
    const a = cellOf(p) + CELL_WORDS * i;
    if (isUnwritten(a)) setShadow(a, 1, LIVE);
  }
}

/** kmsan_poison_memory(): the cells count as uninitialised from now on. Context: any. */
export function kmsan_poison_memory(p: Lvalue<unknown>, size: number): void {
  setShadow(cellOf(p), size, UNWRITTEN);
}
