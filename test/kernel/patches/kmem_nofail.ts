/**
 * B37: what e55d9d9bfb69 ("memcg, kmem: do not fail __GFP_NOFAIL charges", v5.4) mended. With the kmem
 * limit in its way a charge fails, whatever it was asked for with.
 */
import type { gfp_t } from "../../../src/kernel/errno.ts";
import type { mem_cgroup } from "../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../src/kernel/patches/patch.ts";
import { charge, uncharge } from "./_kmem.ts";

export default patch("kmem_nofail", "the kmem limit of v5.3", {
  __memcg_kmem_charge: (memcg: mem_cgroup, gfp: gfp_t, nr_pages: number): number =>
    charge(memcg, gfp, nr_pages, () => false),
  __memcg_kmem_uncharge: uncharge,
});
