/**
 * Freeing several objects at once, as kfree_bulk() does — mm/slub.c. Those of one slab page are linked to a
 * detached freelist, and given back together.
 *
 * B13: do_slab_free() calls memcg_slab_free_hook() for the head of a freelist only, since 964d4bd370d5
 * (v5.9). The other objects of the list stay charged, and their references to the objcg stay taken.
 *
 * MODEL: objects of one size, node and kind are of one slab page. An object that is freed takes its place in
 * page->obj_cgroups[] with it; the kernel leaves an objcg that was not put there for the next object.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import type { kmem_object } from "../memcontrol-types.ts";
import { memcg_slab_free_hook } from "../slab-hooks.ts";
import { kfree } from "../slab.ts";
import { has } from "../version.ts";
import { detail } from "./patch.ts";

/** struct detached_freelist: the objects from head to tail. */
export type detached_freelist = readonly kmem_object[];

/** Objects that build_detached_freelist() passes over before it gives up. */
const LOOKAHEAD = 3;

/** Whether virt_to_head_page() of both is the same. */
function on_one_page(a: kmem_object, b: kmem_object): boolean {
  if (a.size !== b.size) return false;
  if (has("memcg_vmstats") && a.nid !== b.nid) return false;
  return !has("fdbcb2a6d677") || (a.pgdat === b.pgdat && a.reclaimable === b.reclaimable);
}

/**
 * build_detached_freelist(): takes the last object out of `p`, which the caller has on its stack, and others
 * of its page. What is found later comes before it.
 */
export function build_detached_freelist(p: kmem_object[]): detached_freelist {
  const tail = p.pop()!;
  const list = [tail];
  let lookahead = LOOKAHEAD;
  for (let i = p.length - 1; i >= 0; i--) {
    if (on_one_page(tail, p[i])) list.unshift(...p.splice(i, 1));
    else if (--lookahead === 0) break;
  }
  return list;
}

/** The rest of slab_free(), for a freelist. */
export function do_slab_free(list: detached_freelist): void {
  for (const object of list) kfree(object);
}

/** kmem_cache_free_bulk() of objects of any cache. Context: task or softirq, interrupts on. */
export const kfree_bulk = kernel("kfree_bulk", (objects: readonly kmem_object[]): void => {
  const p = [...objects];
  while (p.length > 0) {
    const list = build_detached_freelist(p);
    memcg_slab_free_hook(list[0]);
    do_slab_free(list);
  }
});

export default detail({
  name: "free_bulk",
  subject: "objects that are freed several at once (v5.9 and later)",
  commit: "964d4bd370d5",
  version: "v5.9",
  needs: ["964d4bd370d5"],
  adds: ["kfree_bulk"],
}, {});
