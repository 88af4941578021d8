/**
 * af92793e52c3 ("slab: Introduce kmalloc_nolock() and kfree_nolock()."), v6.18.
 *
 * Objects from any context, too. The object stock was made for it, but what it drains is not: the last
 * reference to an objcg takes objcg_lock, and the NMI may have interrupted whoever holds it (B19).
 *
 * As on x86, where per-CPU counters can be changed in NMIs: 25352d2f2dc6 and 940b01fc8dc1 (v6.16), which
 * are for other architectures, change nothing.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { prototype } from "../../machine/calls/prototype.ts";
import { TASK } from "../../machine/layout/contexts.ts";
import { context } from "../../machine/context/interrupt.ts";
import type { gfp_t } from "../errno.ts";
import type { kmem_object } from "../memcontrol-types.ts";
import { memcg_slab_free_hook } from "../slab-hooks.ts";
import { kfree } from "../slab.ts";
import { is_rt } from "../spinlock.ts";
import { numa_node_id } from "../vmstat.ts";
import { commit } from "./patch.ts";
import "./fdbcb2a6d677-mod-objcg-state.ts";

const kmem_cache_alloc_node = prototype<
  (size: number, gfp: gfp_t, node: number, reclaimable: number) => kmem_object | null
>("kmem_cache_alloc_node", 4);

/** Neither __GFP_DIRECT_RECLAIM nor __GFP_KSWAPD_RECLAIM: no lock may be waited for. */
const GFP_NOLOCK = 0;

/** kmalloc_nolock() with __GFP_ACCOUNT. Context: any. */
export const kmalloc_nolock = kernel("kmalloc_nolock", (size: number): kmem_object | null => {
  if (is_rt() && context() !== TASK) return null; // !preemptible()
  return kmem_cache_alloc_node(size, GFP_NOLOCK, numa_node_id(), 0);
});

/** kfree_nolock() Context: any. */
export const kfree_nolock = kernel("kfree_nolock", (object: kmem_object): void => {
  memcg_slab_free_hook(object);
  kfree(object); // in an NMI defer_free() does it later
});

export default commit({
  commit: "af92793e52c3",
  subject: "slab: Introduce kmalloc_nolock() and kfree_nolock().",
  version: "v6.18",
  brings: ["B19"],
  needs: ["200577f69f29", "fdbcb2a6d677"],
  adds: ["kmalloc_nolock", "kfree_nolock"],
}, {});
