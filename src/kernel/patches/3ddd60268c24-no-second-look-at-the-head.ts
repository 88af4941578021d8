/**
 * 3ddd60268c24 ("mm, slub: fix incorrect memcg slab count for bulk free"), v5.15.
 *
 * do_slab_free() calls memcg_slab_free_hook() for single objects only. Nothing was counted twice, since the
 * first call had taken the objcg off the object.
 *
 * @module
 */
import type { kmem_object } from "../memcontrol-types.ts";
import { memcg_slab_free_hook } from "../slab-hooks.ts";
import { build_detached_freelist, do_slab_free } from "./free_bulk.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "3ddd60268c24",
  subject: "mm, slub: fix incorrect memcg slab count for bulk free",
  version: "v5.15",
  needs: ["free_bulk", "d1b2cf6cb84a"],
}, {
  kfree_bulk(objects: readonly kmem_object[]): void {
    for (const object of objects) memcg_slab_free_hook(object);
    const p = [...objects];
    while (p.length > 0) do_slab_free(build_detached_freelist(p));
  },
});
