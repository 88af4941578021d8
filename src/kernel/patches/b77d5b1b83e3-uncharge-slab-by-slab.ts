/**
 * b77d5b1b83e3 ("mm: slab: optimize memcg_slab_free_hook()"), v6.0.
 *
 * The objects of a slab are uncharged just before they are freed.
 *
 * @module
 */
import type { kmem_object } from "../memcontrol-types.ts";
import { memcg_slab_free_hook } from "../slab-hooks.ts";
import { build_detached_freelist, do_slab_free } from "./free_bulk.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "b77d5b1b83e3",
  subject: "mm: slab: optimize memcg_slab_free_hook()",
  version: "v6.0",
  needs: ["free_bulk", "3ddd60268c24"],
}, {
  kfree_bulk(objects: readonly kmem_object[]): void {
    const p = [...objects];
    while (p.length > 0) {
      const list = build_detached_freelist(p);
      for (const object of list) memcg_slab_free_hook(object);
      do_slab_free(list);
    }
  },
});
