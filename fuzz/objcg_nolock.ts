/**
 * The part of target `objcg` that is about allocations from any context, as BPF programs make them:
 * they wait for no lock, and run even in an NMI.
 *
 * The program names the cgroup that is charged, and holds it.
 *
 * @module
 */
import { type OpDefinition, ref } from "../src/prog/target.ts";
import { reset_active_memcg, set_active_memcg } from "../src/kernel/active-memcg.ts";
import type { mem_cgroup, page } from "../src/kernel/memcontrol-types.ts";
import { alloc_kmem_pages, free_kmem_pages } from "../src/kernel/slab-hooks.ts";
import { mayHave } from "../src/kernel/version.ts";

const ANYWHERE = ["task", "softirq", "hardirq", "nmi"] as const;
/** Neither __GFP_DIRECT_RECLAIM nor __GFP_KSWAPD_RECLAIM: no lock may be waited for. */
const GFP_NOLOCK = 0;

/** Since 01d37228d331 (v6.15). */
const pageOps: Readonly<Record<string, OpDefinition>> = {
  alloc_pages_nolock: {
    doc:
      "Allocate an accounted page on behalf of a cgroup that is held, without waiting for a lock.",
    weight: 0.5,
    bootWeight: 0.1,
    args: [ref("css")],
    result: "page",
    contexts: ANYWHERE,
    allocs: 1,
    run(m: mem_cgroup): number {
      const old = set_active_memcg(m);
      const p = alloc_kmem_pages(0, GFP_NOLOCK);
      reset_active_memcg(old);
      return p === null ? 0 : p.a;
    },
  },
  free_pages_nolock: {
    doc: "Free pages without waiting for a lock.",
    weight: 0.5,
    bootWeight: 0.05,
    args: [ref("page")],
    consumes: ["page"],
    contexts: ANYWHERE,
    run: (p: page) => free_kmem_pages(p),
  },
};

/** Operations of this file that the kernel has. */
export const nolockOps: Readonly<Record<string, OpDefinition>> = mayHave("01d37228d331")
  ? pageOps
  : {};
