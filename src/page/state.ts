/**
 * What memory held after each point, as the points tell it.
 *
 * @module
 */
import type { PagePoint } from "./data.ts";

/** A cell, and the values that points saw or left in it, in order. */
interface History {
  readonly field: string;
  readonly steps: number[];
  readonly values: string[];
}

/** A cell of an object at a point. */
export interface CellState {
  readonly field: string;
  readonly value: string;
  /** The value before, if the point changed it. */
  readonly before: string | null;
  /** Whether the point accessed it. */
  readonly isAccessed: boolean;
}

/** An object at a point. */
export interface ObjectState {
  readonly name: string;
  readonly cells: readonly CellState[];
  /** `freed`, `reused`, or "". */
  readonly mark: "" | "freed" | "reused";
  readonly isAccessed: boolean;
}

/** A pointer to an object: who holds it, and how. */
export interface Holder {
  /** `obj_cgroup#0.memcg`, or `CPU0 in obj_cgroup_charge()`. */
  readonly name: string;
  readonly kind: "memory" | "cpu";
}

const NONE = -1;
/** Points to look back for a read of a pointer, so that a step of a long execution is quick. */
const READS_BACK = 4096;

/** The last element that is at most `n`, in a sorted list; -1 if there is none. */
function lastAtMost(sorted: readonly number[], n: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= n) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The memory of an execution. */
export class Memory {
  /** By object, then in the order of the first access. */
  readonly #objects = new Map<string, Map<string, History>>();
  readonly #frees = new Map<string, number[]>();
  readonly #revivals = new Map<string, number[]>();

  constructor(readonly points: readonly PagePoint[]) {
    points.forEach((p, i) => this.#add(p, i));
  }

  /** Names of all objects, in the order of the first access. */
  get names(): string[] {
    return [...this.#objects.keys()];
  }

  /** An object after point `i`. */
  object(name: string, i: number): ObjectState {
    const p = this.points[i];
    const isAccessed = p?.object === name;
    const cells: CellState[] = [];
    for (const { field, steps, values } of this.#objects.get(name)?.values() ?? []) {
      const k = lastAtMost(steps, i);
      if (k < 0) continue;
      const isIts = isAccessed && p.field === field && steps[k] === i;
      const before = isIts && k > 0 && values[k - 1] !== values[k] ? values[k - 1] : null;
      cells.push({ field, value: values[k], before, isAccessed: isIts });
    }
    return { name, cells, mark: this.#mark(name, i), isAccessed };
  }

  /** The value of a cell after point `i`; null if it is not known. */
  value(object: string, field: string, i: number): string | null {
    const history = this.#objects.get(object)?.get(field);
    const k = history === undefined ? NONE : lastAtMost(history.steps, i);
    return k < 0 ? null : history!.values[k];
  }

  /** Objects that have been accessed up to point `i`. */
  known(i: number): string[] {
    return this.names.filter((name) => {
      const histories = [...this.#objects.get(name)!.values()];
      return histories.some(({ steps }) => steps[0] <= i) || this.#mark(name, i) !== "";
    });
  }

  /** Cells that point to an object after point `i`, and CPUs that read such a pointer and use it. */
  holders(name: string, i: number): Holder[] {
    const found: Holder[] = [];
    for (const [object, cells] of this.#objects) {
      if (this.#mark(object, i) === "freed") continue;
      for (const { field, steps, values } of cells.values()) {
        const k = lastAtMost(steps, i);
        if (k >= 0 && values[k] === name && object !== name) {
          found.push({ name: `${object}.${field}`, kind: "memory" });
        }
      }
    }
    return [...found, ...this.#readers(name, i)];
  }

  /** Pointers of an object after point `i`: fields, and where they point. */
  pointers(name: string, i: number): { readonly field: string; readonly to: string }[] {
    return this.object(name, i).cells
      .filter(({ value }) => this.#objects.has(value) && value !== name)
      .map(({ field, value }) => ({ field, to: value }));
  }

  /** CPUs that read a pointer to an object, in a function that has not returned. */
  #readers(name: string, i: number): Holder[] {
    const found: Holder[] = [];
    const seen = new Set<string>();
    for (let k = i; k >= 0 && k > i - READS_BACK; k--) {
      const p = this.points[k];
      if (p.value !== name || p.what === "store" || p.what === "WRITE_ONCE") continue;
      // An inlined helper returns at once; the function that called it has the pointer.
      const fn = p.stack[this.#ownerDepth(p) - 1];
      if (fn === undefined) continue;
      const text = `${
        p.context === "task" ? `CPU${p.cpu}` : `CPU${p.cpu} (${p.context})`
      } in ${fn}()`;
      if (seen.has(text)) continue;
      seen.add(text);
      if (!this.#hasEnded(p, k, i)) found.push({ name: text, kind: "cpu" });
    }
    return found;
  }

  /** Frames down to the function that a title would name. */
  #ownerDepth({ owner, stack }: PagePoint): number {
    const at = owner === undefined ? -1 : stack.lastIndexOf(owner);
    return at < 0 ? stack.length : at + 1;
  }

  /** Whether the function that made point `k` has returned before point `i`. */
  #hasEnded(p: PagePoint, k: number, i: number): boolean {
    const depth = this.#ownerDepth(p);
    for (let j = k + 1; j <= i; j++) {
      const q = this.points[j];
      if (q.cpu !== p.cpu || q.context !== p.context) continue;
      if (q.op !== p.op || q.stack.length < depth || q.stack[depth - 1] !== p.stack[depth - 1]) {
        return true;
      }
    }
    return false;
  }

  #mark(name: string, i: number): ObjectState["mark"] {
    const freed = lastAtMost(this.#frees.get(name) ?? [], i);
    if (freed < 0) return "";
    const revivals = this.#revivals.get(name) ?? [];
    const revived = lastAtMost(revivals, i);
    return revived >= 0 && revivals[revived] > this.#frees.get(name)![freed] ? "reused" : "freed";
  }

  #add(p: PagePoint, i: number): void {
    if (p.object === null) return;
    let cells = this.#objects.get(p.object);
    if (cells === undefined) this.#objects.set(p.object, cells = new Map());
    if (p.what === "kfree") (this.#frees.get(p.object) ?? this.#put(this.#frees, p.object)).push(i);
    // Memory that was freed and is live has been given out again.
    if (this.#mark(p.object, i) === "freed" && (p.memory === "live" || p.memory === "unwritten")) {
      if (p.what !== "kfree") {
        (this.#revivals.get(p.object) ?? this.#put(this.#revivals, p.object)).push(i);
      }
    }
    if (p.field === null || p.value === null) return;
    let history = cells.get(p.field);
    if (history === undefined) {
      cells.set(p.field, history = { field: p.field, steps: [], values: [] });
    }
    history.steps.push(i);
    history.values.push(p.value);
  }

  #put(map: Map<string, number[]>, name: string): number[] {
    const list: number[] = [];
    map.set(name, list);
    return list;
  }
}
