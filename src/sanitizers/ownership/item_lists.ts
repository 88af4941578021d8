/**
 * The lists that objects of a cgroup are on, for the ownership sanitizer: of kernels that have list_lru.
 *
 * Whoever takes an object off its list, or walks the list of a cgroup, finds the list through the cgroup of
 * the object. So an object is on the list that its cgroup has now, and a list knows how many are on it.
 *
 * @module
 */
import { oops, oopsKind } from "../../machine/findings/oops.ts";
import { nameAt, offsetOf, peekAt, typeNamed } from "../../machine/memory/peek.ts";
import { addressOf, indexAt, nextLive } from "../../machine/memory/slab.ts";
import type { StructType } from "../../machine/memory/struct_type.ts";

const COUNT = oopsKind("items", "ownership", () => "list_lru does not count what is on it");
const WRONG = oopsKind("item", "ownership", () => "object is on the list_lru of another cgroup");

/** Most entries of a list that are visited: a corrupt list must not hang the sanitizer. */
const ITEMS_MAX = 160;
const NODES_MAX = 2;

interface Layout {
  readonly node: StructType;
  readonly slot: StructType;
  readonly object: StructType;
  readonly nodeItems: number;
  /** The head of the root's list on a node, and those of a cgroup's lists. */
  readonly ofRoot: number;
  readonly ofNode: readonly number[];
  /** Cells from the head of a list to the number of what is on it. */
  readonly items: number;
  readonly lru: number;
  readonly objcg: number;
  readonly owner: number;
  readonly id: number;
}
let l: Layout | null = null;

/** Judge lists from now on, if the kernel has them. */
export function learnItemLists(): void {
  l = null;
  const names = ["list_lru_node", "list_lru_xa_slot", "kmem_object", "list_lru_one"];
  const [node, slot, object, one] = names.map(typeNamed);
  const [lists, objcg, memcg] = ["list_lru_memcg", "obj_cgroup", "mem_cgroup"].map(typeNamed);
  if (!node || !slot || !object || !one || !lists || !objcg || !memcg) return;
  l = {
    node,
    slot,
    object,
    nodeItems: offsetOf(node, "nr_items"),
    ofRoot: offsetOf(node, "lru.list"),
    ofNode: [offsetOf(lists, "node0.list"), offsetOf(lists, "node1.list")],
    items: offsetOf(one, "nr_items") - offsetOf(one, "list"),
    lru: offsetOf(object, "lru"),
    objcg: offsetOf(object, "objcg"),
    owner: offsetOf(objcg, "memcg"),
    id: offsetOf(memcg, "kmemcg_id"),
  };
}

/** For each object, by index: whether some list has it. */
const isListed = new Uint8Array(ITEMS_MAX);

/** The lists of the cgroup with that id, or 0. */
function listsOf(id: number): number {
  return peekAt(addressOf(l!.slot, id), 0);
}

/** The list of a node on which the object at `a` must be. */
function listFor(a: number, nid: number): number {
  const k = l!;
  const objcg = peekAt(a, k.objcg);
  const id = objcg === 0 ? -1 : peekAt(peekAt(objcg, k.owner), k.id);
  if (id < 0) return addressOf(k.node, nid) + 2 * k.ofRoot;
  const lists = listsOf(id);
  return lists === 0 ? 0 : lists + 2 * k.ofNode[nid];
}

/** Judge the list of a node at `head`; returns how many are on it. */
function judgeList(head: number, nid: number): number {
  const k = l!;
  let n = 0;
  for (let p = peekAt(head, 0); p !== 0 && p !== head && n < ITEMS_MAX; p = peekAt(p, 0)) {
    const i = indexAt(k.object, p);
    const a = addressOf(k.object, i);
    isListed[i] = 1;
    n++;
    if (listFor(a, nid) !== head) {
      oops(
        WRONG,
        0,
        a,
        `${nameAt(a)} is on the list at ${nameAt(head)}, where nobody looks for it`,
      );
    }
  }
  const counted = peekAt(head, k.items);
  if (counted !== n) oops(COUNT, counted, head, `${nameAt(head)} has ${n} items, not ${counted}`);
  return n;
}

/** Judge all lists of a node; returns how many are on them. */
function judgeLists(nid: number): number {
  const k = l!;
  let n = judgeList(addressOf(k.node, nid) + 2 * k.ofRoot, nid);
  for (let id = 0; id < k.slot.objects.length; id++) {
    const lists = listsOf(id);
    if (lists !== 0) n += judgeList(lists + 2 * k.ofNode[nid], nid);
  }
  return n;
}

/** An object that is on a list must have been come to. */
function judgeObjects({ object, lru }: Layout): void {
  for (let i = nextLive(object, 0); i >= 0; i = nextLive(object, i + 1)) {
    const a = addressOf(object, i);
    const next = peekAt(a, lru);
    if (next === 0 || next === a + 2 * lru || isListed[i] !== 0) continue;
    oops(WRONG, 0, a, `${nameAt(a)} is on a list that no cgroup has any more`);
  }
}

/** On all lists of each node. */
const found = new Int32Array(NODES_MAX);

/** Each object is where it is looked for, and counted. Context: all is quiet. */
export function judgeItemLists(): void {
  if (l === null) return;
  const { node, nodeItems } = l;
  isListed.fill(0);
  for (let nid = 0; nid < node.objects.length; nid++) found[nid] = judgeLists(nid);
  judgeObjects(l);
  for (let nid = 0; nid < node.objects.length; nid++) {
    const a = addressOf(node, nid);
    const counted = peekAt(a, nodeItems);
    if (counted === found[nid]) continue;
    oops(COUNT, counted, a, `${nameAt(a)} has ${found[nid]} items, not ${counted}`);
  }
}
