/**
 * The slots of stocks, for the ownership sanitizer.
 *
 * Since f735eebe55f8 (v6.16) a page stock caches pages of several cgroups, and since about v7.2 an object
 * stock bytes of several objcgs. Whoever takes some out looks at the first slot that has the cgroup, or
 * the objcg. What a second one holds is stranded there.
 *
 * @module
 */
import { oops, oopsKind } from "../../machine/findings/oops.ts";
import { cellsAt, hasField, nameAt, peekAt, typeNamed } from "../../machine/memory/peek.ts";
import { addressOf, nextLive } from "../../machine/memory/slab.ts";
import type { StructType } from "../../machine/memory/struct_type.ts";

const TWICE = oopsKind("slots", "ownership", () => "stock caches a cgroup twice");

/** A stock with several slots, and the cells of their pointers. */
interface Slots {
  readonly stock: StructType;
  readonly cells: readonly number[];
}
let stocks: readonly Slots[] = [];

/** Judge slots from now on, if stocks have several. */
export function learnSlots(): void {
  stocks = ["memcg_stock_pcp", "obj_stock_pcp"].flatMap((name) => {
    const stock = typeNamed(name);
    if (stock === undefined || !hasField(stock, "cached")) return [];
    return [{ stock, cells: cellsAt(stock, "cached") }];
  });
}

function judgeSlotsOf({ stock, cells }: Slots): void {
  for (let cpu = nextLive(stock, 0); cpu >= 0; cpu = nextLive(stock, cpu + 1)) {
    const s = addressOf(stock, cpu);
    for (let i = 1; i < cells.length; i++) {
      const cached = peekAt(s, cells[i]);
      if (cached === 0) continue;
      for (let j = 0; j < i; j++) {
        if (peekAt(s, cells[j]) !== cached) continue;
        oops(TWICE, i, s, `slots ${j} and ${i} of ${nameAt(s)} both cache ${nameAt(cached)}`);
      }
    }
  }
}

/** Nobody has two slots of a stock. Context: the books are closed. */
export function judgeSlots(): void {
  for (let k = 0; k < stocks.length; k++) judgeSlotsOf(stocks[k]);
}
