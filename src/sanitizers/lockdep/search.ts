/**
 * Breadth-first searches through the orders of locks, along strong dependencies.
 *
 * Not every path of orders can deadlock: if a lock on the path is taken by a recursive reader, and
 * its holder in the next order is a reader too, nobody waits for it. A path without such a place is
 * strong. Therefore the state of a search is a class, and whether only recursive readers reached
 * it. In a backward search the two roles are exchanged (lockdep's design since v5.10).
 *
 * @module
 */
import { CLASSES_MAX } from "../../machine/layout/held_lock.ts";
import { isPerCpu } from "../../machine/locks/lock_class.ts";
import {
  edgeAt,
  edgeFrom,
  edgeKind,
  edgesSeen,
  edgeTo,
  EXCLUSIVE,
  NOT_RECURSIVE,
  usageOf,
} from "./state.ts";

/** The queue of the search: class with the weak bit, the order that led there, the entry before. */
const QUEUE = 2 * CLASSES_MAX;
const nodes = new Int32Array(QUEUE);
const edges = new Int32Array(QUEUE);
const parents = new Int32Array(QUEUE);
const visited = new Uint8Array(QUEUE);
let length = 0;

/** Bit of a node: only a weak order, or a weak acquisition, leads to it. */
const WEAK = CLASSES_MAX;

/** Usage bits of readers; they do not conflict with a node that only readers reached. */
const READ_BITS = 0xaaa;

function push(cls: number, weak: boolean, edge: number, parent: number): void {
  const node = cls | (weak ? WEAK : 0);
  if (visited[node] !== 0) return;
  visited[node] = 1;
  nodes[length] = node;
  edges[length] = edge;
  parents[length++] = parent;
}

/** Add all nodes that orders connect with node `i`, forwards or backwards. */
function expand(i: number, backwards: boolean): void {
  const cls = nodes[i] & (WEAK - 1);
  const weak = (nodes[i] & WEAK) !== 0;
  const entering = backwards ? NOT_RECURSIVE : EXCLUSIVE;
  const leaving = backwards ? EXCLUSIVE : NOT_RECURSIVE;
  const n = edgesSeen();
  for (let e = 0; e < n; e++) {
    const edge = edgeAt(e);
    if ((backwards ? edgeTo(edge) : edgeFrom(edge)) !== cls) continue;
    const kind = edgeKind(edge);
    if (weak && (kind & entering) === 0) continue;
    push(backwards ? edgeFrom(edge) : edgeTo(edge), (kind & leaving) === 0, edge, i);
  }
}

function begin(cls: number, weak: boolean): void {
  for (let i = 0; i < length; i++) visited[nodes[i]] = 0;
  length = 0;
  push(cls, weak, 0, -1);
}

/** The usages of a node's class that can conflict. */
function usage(node: number): number {
  const u = usageOf(node & (WEAK - 1));
  return (node & WEAK) !== 0 ? u & ~READ_BITS : u;
}

/**
 * Search for a path of orders from class `from`, taken weakly or not, to class `to`; with `firm`
 * the path may end weakly. Returns the place in the queue, for {@linkcode pathTo}, or -1.
 */
export function findPath(from: number, weak: boolean, to: number, firm: boolean): number {
  begin(from, weak);
  for (let i = 0; i < length; i++) {
    if ((nodes[i] & (WEAK - 1)) === to && (firm || (nodes[i] & WEAK) === 0)) return i;
    expand(i, false);
  }
  return -1;
}

/** Search from a class, forwards or backwards, for one that was used in a way of `mask`; or -1. */
export function findUsage(cls: number, weak: boolean, backwards: boolean, mask: number): number {
  begin(cls, weak);
  for (let i = 0; i < length; i++) {
    // No other CPU waits for a per-CPU lock, so it is not part of an inversion.
    if (isPerCpu(nodes[i] & (WEAK - 1))) continue;
    if ((usage(nodes[i]) & mask) !== 0) return i;
    expand(i, backwards);
  }
  return -1;
}

/** The usages of this class, and of all classes from which orders lead to it. */
export function usageBefore(cls: number, weak: boolean): number {
  begin(cls, weak);
  let all = 0;
  for (let i = 0; i < length; i++) {
    if (isPerCpu(nodes[i] & (WEAK - 1))) continue;
    all |= usage(nodes[i]);
    expand(i, true);
  }
  return all;
}

/** The class at a place in the queue. */
export function classAt(i: number): number {
  return nodes[i] & (WEAK - 1);
}

/** The orders that lead to a place in the queue, the first one first. */
export function pathTo(i: number): number[] {
  const path: number[] = [];
  for (let at = i; parents[at] >= 0; at = parents[at]) path.unshift(edges[at]);
  return path;
}
