/** The same with e55d9d9bfb69: a charge that must not fail is forced. */
import { __GFP_NOFAIL, type gfp_t } from "../../../src/kernel/errno.ts";
import type { mem_cgroup } from "../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../src/kernel/patches/patch.ts";
import { charge, uncharge } from "./_kmem.ts";

export default patch("kmem_forced", "the kmem limit of v5.4", {
  __memcg_kmem_charge: (memcg: mem_cgroup, gfp: gfp_t, nr_pages: number): number =>
    charge(memcg, gfp, nr_pages, (flags) => (flags & __GFP_NOFAIL) !== 0),
  __memcg_kmem_uncharge: uncharge,
});
