/**
 * The part of target `objcg` that is about objects on lists of their cgroups (list_lru), such as dentries.
 *
 * Most of the kernel's callers hold a spinlock of their own, in which no grace period ends. These operations
 * hold none: list_lru_add_obj() does not ask for one.
 *
 * @module
 */
import { flags, int, type OpDefinition, ref } from "../src/prog/target.ts";
import { __GFP_NOFAIL, GFP_KERNEL, GFP_NOWAIT, type gfp_t } from "../src/kernel/errno.ts";
import type { kmem_object, mem_cgroup } from "../src/kernel/memcontrol-types.ts";
import { kmem_cache_free, kmem_cache_free_rcu } from "../src/kernel/slab-hooks.ts";
import { has, mayHave } from "../src/kernel/version.ts";
import { prototype } from "../src/machine/calls/prototype.ts";

type Change = (p: kmem_object) => boolean;
/** Since 0a97c01cd20b (v6.8) the functions of the shorter names are told which list. */
const suffix = has("0a97c01cd20b") ? "_obj" : "";
const list_lru_add_obj = prototype<Change>(`list_lru_add${suffix}`, 1);
const list_lru_del_obj = prototype<Change>(`list_lru_del${suffix}`, 1);
const list_lru_walk_one = prototype<(nid: number, memcg: mem_cgroup) => number>(
  "list_lru_walk_one",
  2,
);
const kmem_cache_alloc_lru = prototype<(size: number, gfp: gfp_t) => kmem_object | null>(
  "kmem_cache_alloc_lru",
  2,
);

/** Bytes of a dentry. */
const SIZE = 192;

/** Whatever is on a list is taken off before it is freed. */
export function take_off(p: kmem_object): void {
  if (p.lru.next !== null) list_lru_del_obj(p); // others were never prepared for one
}

const entry = ref("entry");
const gfp = flags("gfp", { GFP_KERNEL, GFP_NOWAIT, __GFP_NOFAIL }, [
  "GFP_NOWAIT",
  "GFP_KERNEL|__GFP_NOFAIL",
]);

const ops: Readonly<Record<string, OpDefinition>> = {
  kmem_cache_alloc_lru: {
    doc: "Allocate an accounted object that can be on a list of its cgroup, such as a dentry.",
    weight: 2.5,
    bootWeight: 2,
    args: [gfp],
    result: "entry",
    allocs: 5,
    run: (bits: number) => kmem_cache_alloc_lru(SIZE, bits === 0 ? GFP_KERNEL : bits)?.a ?? 0,
  },
  list_lru_add_obj: {
    doc: "Put such an object on the list of its cgroup, unless it is on one.",
    weight: 3,
    bootWeight: 1,
    args: [entry],
    run: (p: kmem_object) => Number(list_lru_add_obj(p)),
  },
  list_lru_del_obj: {
    doc: "Take such an object off the list that it is on.",
    weight: 2,
    bootWeight: 0.3,
    args: [entry],
    run: (p: kmem_object) => Number(list_lru_del_obj(p)),
  },
  list_lru_walk_one: {
    doc: "Walk the list of a cgroup that is held, as its shrinker does, and take all objects off.",
    weight: 0.7,
    bootWeight: 0.1,
    args: [ref("css"), int("node", 0, 1)],
    run: (m: mem_cgroup, node: number) => list_lru_walk_one(node, m),
  },
  free_entry: {
    doc: "Take such an object off its list and free it.",
    weight: 0.7,
    bootWeight: 0.2,
    args: [entry],
    consumes: ["entry"],
    run(p: kmem_object): void {
      list_lru_del_obj(p);
      kmem_cache_free(p);
    },
  },
  free_entry_rcu: {
    doc: "Take such an object off its list and free it in an RCU callback.",
    weight: 0.7,
    bootWeight: 0.2,
    args: [entry],
    consumes: ["entry"],
    run(p: kmem_object): void {
      list_lru_del_obj(p);
      kmem_cache_free_rcu(p);
    },
  },
};

/** Operations of this file that the kernel has. */
export const lruOps: Readonly<Record<string, OpDefinition>> = mayHave("list_lru") ? ops : {};
