/**
 * Numbers for pointers — include/linux/idr.h, lib/idr.c, lib/radix-tree.c.
 *
 * Who changes an idr must see to it that nobody else does; who looks something up needs RCU only.
 *
 * MODEL: the tree is a single node that exists from the start, so that no number needs memory: which
 * numbers are free is in the node's tags, a word that is changed as plain memory, and each number has a
 * slot.
 *
 * @module
 */
import { rcu_assign_pointer, rcu_dereference_raw } from "../machine/memory/access.ts";
import { kernel } from "../machine/calls/registry.ts";
import { statics } from "../machine/memory/struct.ts";
import { type Fields, int, type Ptr, ptr, type Struct } from "../machine/memory/struct_type.ts";
import { ENOSPC } from "./errno.ts";

interface radix_tree_node extends Struct, Fields<{ tags: number }> {}
interface radix_tree_slot extends Struct, Fields<{ entry: Ptr<Struct> }> {}

/** struct idr */
export interface idr {
  /** IDR_FREE: a bit for each number that is not given out */
  readonly node: radix_tree_node;
  readonly slots: readonly radix_tree_slot[];
}

/** DEFINE_IDR(), for numbers below `max`. */
export function DEFINE_IDR(name: string, max: number): idr {
  return {
    node: statics<radix_tree_node>(name, { tags: int }, 1)[0],
    slots: statics<radix_tree_slot>(`${name}_slot`, { entry: ptr }, max),
  };
}

/** idr_init(): all numbers are free. Context: boot. */
export function idr_init(idr: idr): void {
  idr.node.tags = 2 ** idr.slots.length - 1;
}

/** idr_alloc(): the lowest free number of those from `start` to below `end`, or -ENOSPC. */
export const idr_alloc = kernel(
  "idr_alloc",
  (idr: idr, entry: Struct | null, start: number, end: number): number => {
    const tags = idr.node.tags; // idr_get_free()
    let id = start;
    while (id < end && ((tags >>> id) & 1) === 0) id++;
    if (id === end) return -ENOSPC;
    rcu_assign_pointer(idr.slots[id].$entry, entry);
    idr.node.tags &= ~(1 << id); // radix_tree_iter_tag_clear()
    return id;
  },
);

/** idr_remove(): the number is free again. */
export const idr_remove = kernel("idr_remove", (idr: idr, id: number): void => {
  idr.node.tags |= 1 << id; // __radix_tree_delete(): node_tag_set()
  rcu_assign_pointer(idr.slots[id].$entry, null);
});

/** idr_find() Context: rcu_read_lock(), for what is found. */
export const idr_find = kernel("idr_find", (idr: idr, id: number): Struct | null => {
  return rcu_dereference_raw(idr.slots[id].$entry);
});

/** idr_replace(): what a number that is given out stands for. */
export const idr_replace = kernel("idr_replace", (idr: idr, entry: Struct, id: number): void => {
  rcu_assign_pointer(idr.slots[id].$entry, entry);
});
