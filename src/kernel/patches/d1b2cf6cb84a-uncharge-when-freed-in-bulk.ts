/**
 * d1b2cf6cb84a ("mm: memcg/slab: uncharge during kmem_cache_free_bulk()"), v5.10, and 5.9.4.
 *
 * All objects are uncharged before the first is freed. do_slab_free() looks at the head of a freelist once
 * more, whose objcg is gone (until 3ddd60268c24).
 *
 * @module
 */
import type { kmem_object } from "../memcontrol-types.ts";
import { memcg_slab_free_hook } from "../slab-hooks.ts";
import { build_detached_freelist, do_slab_free } from "./free_bulk.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "d1b2cf6cb84a",
  subject: "mm: memcg/slab: uncharge during kmem_cache_free_bulk()",
  version: "v5.10",
  fixes: ["B13"],
  needs: ["free_bulk"],
}, {
  kfree_bulk(objects: readonly kmem_object[]): void {
    for (const object of objects) memcg_slab_free_hook(object);
    const p = [...objects];
    while (p.length > 0) {
      const list = build_detached_freelist(p);
      memcg_slab_free_hook(list[0]);
      do_slab_free(list);
    }
  },
});
