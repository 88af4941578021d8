/**
 * The slots of page stocks, for the ownership sanitizer.
 *
 * Since f735eebe55f8 (v6.16) a stock caches pages of several cgroups. Whoever takes pages out looks at
 * the first slot that has the cgroup. What a second one holds is stranded there.
 *
 * @module
 */
import { oops, oopsKind } from "../../machine/findings/oops.ts";
import { cellsAt, nameAt, peekAt, typeNamed } from "../../machine/memory/peek.ts";
import { addressOf, nextLive } from "../../machine/memory/slab.ts";
import type { StructType } from "../../machine/memory/struct_type.ts";

const TWICE = oopsKind("slots", "ownership", () => "stock caches a cgroup twice");

let stock: StructType | undefined;
/** The cells of the slots' pointers. */
let slots: readonly number[] = [];

/** Judge slots from now on, if stocks have several. */
export function learnSlots(): void {
  stock = typeNamed("memcg_stock_pcp");
  slots = stock === undefined ? [] : cellsAt(stock, "cached");
}

/** No cgroup has two slots of a stock. Context: the books are closed. */
export function judgeSlots(): void {
  if (slots.length < 2) return;
  for (let cpu = nextLive(stock!, 0); cpu >= 0; cpu = nextLive(stock!, cpu + 1)) {
    const s = addressOf(stock!, cpu);
    for (let i = 1; i < slots.length; i++) {
      const cached = peekAt(s, slots[i]);
      if (cached === 0) continue;
      for (let j = 0; j < i; j++) {
        if (peekAt(s, slots[j]) !== cached) continue;
        oops(TWICE, i, s, `slots ${j} and ${i} of ${nameAt(s)} both cache ${nameAt(cached)}`);
      }
    }
  }
}
