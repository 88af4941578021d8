/**
 * The part of target `objcg` that is about allocations from any context, as BPF programs make them:
 * they wait for no lock, and run even in an NMI.
 *
 * The program names the cgroup that is charged, and holds it.
 *
 * @module
 */
import { int, type OpDefinition, ref } from "../src/prog/target.ts";
import { reset_active_memcg, set_active_memcg } from "../src/kernel/active-memcg.ts";
import type { kmem_object, mem_cgroup, page } from "../src/kernel/memcontrol-types.ts";
import { alloc_kmem_pages, free_kmem_pages } from "../src/kernel/slab-hooks.ts";
import { mayHave } from "../src/kernel/version.ts";
import { prototype } from "../src/machine/calls/prototype.ts";

const ANYWHERE = ["task", "softirq", "hardirq", "nmi"] as const;
/** Neither __GFP_DIRECT_RECLAIM nor __GFP_KSWAPD_RECLAIM: no lock may be waited for. */
const GFP_NOLOCK = 0;

/** Since 01d37228d331 (v6.15). */
const pageOps: Readonly<Record<string, OpDefinition>> = {
  alloc_pages_nolock: {
    doc:
      "Allocate an accounted page on behalf of a cgroup that is held, without waiting for a lock.",
    weight: 3,
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
    weight: 3,
    bootWeight: 0.05,
    args: [ref("page")],
    consumes: ["page"],
    contexts: ANYWHERE,
    run: (p: page) => free_kmem_pages(p),
  },
};

/** Since af92793e52c3 (v6.18). */
const kmalloc_nolock = prototype<(size: number) => kmem_object | null>("kmalloc_nolock", 1);
const kfree_nolock = prototype<(object: kmem_object) => void>("kfree_nolock", 1);

const objectOps: Readonly<Record<string, OpDefinition>> = {
  kmalloc_nolock: {
    doc:
      "Allocate an accounted object on behalf of a cgroup that is held, without waiting for a lock.",
    weight: 1.5,
    bootWeight: 0.1,
    args: [ref("css"), int("size", 0, 65536, [0, 1, 64, 2048, 4088, 4096, 6144])],
    result: "object",
    contexts: ANYWHERE,
    allocs: 2,
    run(m: mem_cgroup, n: number): number {
      const old = set_active_memcg(m);
      const object = kmalloc_nolock(n);
      reset_active_memcg(old);
      return object === null ? 0 : object.a;
    },
  },
  kfree_nolock: {
    doc: "Free an object without waiting for a lock.",
    weight: 1.5,
    bootWeight: 0.05,
    args: [ref("object")],
    consumes: ["object"],
    contexts: ANYWHERE,
    run: (x: kmem_object) => kfree_nolock(x),
  },
};

/** Operations of this file that the kernel has. */
export const nolockOps: Readonly<Record<string, OpDefinition>> = {
  ...(mayHave("01d37228d331") ? pageOps : {}),
  ...(mayHave("af92793e52c3") ? objectOps : {}),
};
