/**
 * The page counters of a cgroup, and the stocks that each of them may have by itself: one for each CPU.
 *
 * Whatever is charged is charged to all counters of a cgroup; what is in the stock of a counter is charged
 * to that one only. The first counter is that of memory; memsw is there if the kernel has it.
 *
 * @module
 */
import { cellsAt, hasField, offsetOf, peekAt, typeNamed } from "../../machine/memory/peek.ts";
import type { StructType } from "../../machine/memory/struct_type.ts";

/** Where a cgroup has a counter. */
export interface Counter {
  readonly name: string;
  readonly usage: number;
  /** The pointer to its stocks; -1 if counters have none. */
  readonly stock: number;
}

/** The counters of a cgroup. */
export function countersOf(memcg: StructType): Counter[] {
  const counter = typeNamed("page_counter")!;
  return ["memory", "memsw"].filter((name) => hasField(memcg, name)).map((name) => ({
    name,
    usage: offsetOf(memcg, `${name}.usage`),
    stock: hasField(counter, "stock") ? offsetOf(memcg, `${name}.stock`) : -1,
  }));
}

/** The stocks of a counter, if counters have any. */
export const counterStockType = (): StructType | undefined => typeNamed("page_counter_stock");

/** The cells of the stocks of a counter, one for each CPU; none in kernels where counters have no stock. */
export function stockCells(): number[] {
  const type = counterStockType();
  return type === undefined ? [] : cellsAt(type, "nr_pages");
}

/** Pages in the stocks of a counter of the cgroup at `a`. */
export function stocked(a: number, counter: Counter, cells: readonly number[]): number {
  const stock = counter.stock < 0 ? 0 : peekAt(a, counter.stock);
  if (stock === 0) return 0;
  let n = 0;
  for (let i = 0; i < cells.length; i++) n += peekAt(stock, cells[i]);
  return n;
}
