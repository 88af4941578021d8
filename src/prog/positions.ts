/**
 * Where the parts of a program were written.
 *
 * Positions lie beside the program, not in it. So a parsed program equals one that was built in
 * memory. The checks name the exact column of the first, and no position for the second.
 *
 * @module
 */
import type { Position } from "./types.ts";

const NOWHERE: Position = { line: 0, column: 0 };

/**
 * A table from the nodes of one program, and the names of their parts, to positions.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const positions = new Positions();
 * const node = { name: "a" };
 * positions.mark(node, "name", { line: 6, column: 7 });
 * assertEquals(positions.find(node, "name"), { line: 6, column: 7 });
 * ```
 */
export class Positions {
  readonly #nodes = new WeakMap<object, Map<string, Position>>();

  /** Records where `part` of `node` begins. */
  mark(node: object, part: string, at: Position): void {
    const parts = this.#nodes.get(node);
    if (parts === undefined) this.#nodes.set(node, new Map([[part, at]]));
    else parts.set(part, at);
  }

  /** Whether the file has `part` of `node`, even if the parser could not read it. */
  has(node: object, part: string): boolean {
    return this.#nodes.get(node)?.has(part) ?? false;
  }

  /** Where `part` of `node` begins; if that is unknown, where the node begins. */
  find(node: object & { readonly at?: Position }, part: string): Position {
    return this.#nodes.get(node)?.get(part) ?? node.at ?? NOWHERE;
  }
}
