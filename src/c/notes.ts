/**
 * Points that only one of two versions of a function passes: the model's, or the one that is translated
 * from a tree. `compare` passes over them; any other difference is reported.
 *
 * @module
 */

/** What may differ, and why that is harmless. */
export interface Note {
  /** The function, and whose version passes the points. */
  readonly in: string;
  readonly only: "model" | "tree";
  /** The points: primitive and field, such as `load css.id`, or a primitive alone. */
  readonly points: readonly string[];
  readonly why: string;
}

export const NOTES: readonly Note[] = [
  {
    in: "try_charge_memcg",
    only: "tree",
    points: ["atomic_read memory.usage", "load css.parent"],
    why: "it looks for a high limit that is exceeded, and no high limit is set",
  },
];
