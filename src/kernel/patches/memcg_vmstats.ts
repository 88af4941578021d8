/**
 * The statistics of a cgroup as posted and v5.9 to v5.11 keep them, since 42a300353577 (v5.2): bytes of slab
 * objects, of the cgroup and of its part of each node. Every CPU keeps up to a batch of changes of a cgroup.
 * What is more goes to the cgroup and all its ancestors (hierarchical), and to the local counter of the CPU.
 *
 * B10: when a CPU goes down, memcg_hotplug_cpu_dead() passes on what a CPU keeps, but not what the dead
 * one keeps: what the one keeps that runs it. And it adds that to the cgroup once for each level, to no
 * ancestor.
 *
 * MODEL: one item, NR_SLAB_UNRECLAIMABLE_B: all objects are of caches that are not reclaimable, and of the
 * node of the CPU that allocates them. The per-CPU memory is in the cgroup.
 *
 * MODEL: the second half of memcg_hotplug_cpu_dead(), and what mem_cgroup_free() does with statistics, are
 * functions of their own, so that fixes can replace the first half and mem_cgroup_css_free().
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import {
  array_load,
  array_store,
  atomic_add,
  element,
  this_cpu_add,
  xchg,
} from "../../machine/memory/access.ts";
import { container_of } from "../../machine/memory/struct.ts";
import { isOnline } from "../../machine/context/cpus.ts";
import { config } from "../../machine/words/config.ts";
import { type cgroup_subsys_state, memory_cgrp_subsys } from "../cgroup.ts";
import { cpu_down_with } from "../cpu.ts";
import type { gfp_t } from "../errno.ts";
import { mem_cgroup_css_free } from "../memcontrol-css.ts";
import { for_each_mem_cgroup } from "../memcontrol-iter.ts";
import {
  obj_cgroup_get,
  obj_cgroup_memcg,
  obj_cgroup_put,
  obj_cgroup_uncharge,
} from "../memcontrol-objcg.ts";
import { memcg_hotplug_cpu_dead, parent_mem_cgroup } from "../memcontrol.ts";
import {
  type kmem_object,
  mem_cgroup,
  MEMCG_CHARGE_BATCH,
  type obj_cgroup,
  PAGE_SHIFT,
} from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { obj_full_size } from "../slab-hooks.ts";
import { kmalloc_may_fail } from "../slab.ts";
import { local_irq_restore, local_irq_save, smp_processor_id } from "../spinlock.ts";
import { NODES, numa_node_id } from "../vmstat.ts";
import { around, detail } from "./patch.ts";

/** Bytes that a CPU keeps of a cgroup, or of its part of a node. */
const THRESHOLD = MEMCG_CHARGE_BATCH << PAGE_SHIFT;

/** per_cpu(pn->lruvec_stat_cpu->count[], cpu): its place. */
export const of_node = (nid: number, cpu: number): number => nid * config.cpus + cpu;

/** A change of the hierarchical counter of the cgroup and of all its ancestors. */
function add_upwards(memcg: mem_cgroup, x: number): void {
  for (let mi: mem_cgroup | null = memcg; mi; mi = parent_mem_cgroup(mi)) {
    atomic_add(x, mi.$vmstats);
  }
}

/** The same of their parts of a node. */
export function add_node_upwards(memcg: mem_cgroup, nid: number, x: number): void {
  for (let mi: mem_cgroup | null = memcg; mi; mi = parent_mem_cgroup(mi)) {
    atomic_add(x, element(mi.$lruvec_stat, nid));
  }
}

/** __mod_memcg_state() Context: irqs off. */
export const __mod_memcg_state = kernel(
  "__mod_memcg_state",
  (memcg: mem_cgroup, val: number): void => {
    const cpu = smp_processor_id();
    let x = val + array_load(memcg.$vmstats_percpu, cpu);
    if (Math.abs(x) > THRESHOLD) {
      // Local counters change in batches, too, so that they agree with the hierarchical ones.
      this_cpu_add(memcg.$vmstats_local, cpu, x);
      add_upwards(memcg, x);
      x = 0;
    }
    array_store(memcg.$vmstats_percpu, cpu, x);
  },
);

/** mod_memcg_state() */
export function mod_memcg_state(memcg: mem_cgroup, val: number): void {
  const flags = local_irq_save();
  __mod_memcg_state(memcg, val);
  local_irq_restore(flags);
}

/** The body of __mod_memcg_lruvec_state(). Context: irqs off. */
export function mod_lruvec(memcg: mem_cgroup, nid: number, val: number): void {
  __mod_memcg_state(memcg, val);
  const i = of_node(nid, smp_processor_id());
  this_cpu_add(memcg.$lruvec_stat_local, i, val);
  let x = val + array_load(memcg.$lruvec_stat_cpu, i);
  if (Math.abs(x) > THRESHOLD) {
    add_node_upwards(memcg, nid, x);
    x = 0;
  }
  array_store(memcg.$lruvec_stat_cpu, i, x);
}

/** __mod_memcg_lruvec_state() Context: irqs off; the memcg is kept by RCU or a reference. */
export const __mod_memcg_lruvec_state = kernel(
  "__mod_memcg_lruvec_state",
  (memcg: mem_cgroup, nid: number, val: number): void => mod_lruvec(memcg, nid, val),
);

/** mod_objcg_state(), and mod_memcg_lruvec_state(), which it calls — mm/slab.h. Context: any. */
function mod_objcg_state(objcg: obj_cgroup, nid: number, nr: number): void {
  rcu_read_lock();
  const memcg = obj_cgroup_memcg(objcg)!;
  const flags = local_irq_save();
  __mod_memcg_lruvec_state(memcg, nid, nr);
  local_irq_restore(flags);
  rcu_read_unlock();
}

/** The second half of memcg_hotplug_cpu_dead(). Context: task on another CPU. */
export const memcg_hotplug_cpu_dead_vmstats = kernel(
  "memcg_hotplug_cpu_dead_vmstats",
  (_cpu: number): void => {
    for_each_mem_cgroup((memcg) => {
      const cpu = smp_processor_id(); // this_cpu_xchg()
      const x = xchg(element(memcg.$vmstats_percpu, cpu), 0);
      if (x) {
        for (let mi: mem_cgroup | null = memcg; mi; mi = parent_mem_cgroup(mi)) {
          atomic_add(x, memcg.$vmstats);
        }
      }
      for (let nid = 0; nid < NODES; nid++) {
        const n = xchg(element(memcg.$lruvec_stat_cpu, of_node(nid, cpu)), 0);
        if (n) add_node_upwards(memcg, nid, n);
      }
    });
  },
);

/** What CPUs keep, added up: of those that `counts` names. */
function sum(counters: mem_cgroup["$vmstats_percpu"], from: number, counts: Counts): number {
  let x = 0;
  for (let cpu = 0; cpu < config.cpus; cpu++) {
    if (counts(cpu)) x += array_load(counters, from + cpu);
  }
  return x;
}

type Counts = (cpu: number) => boolean;

/** The body of memcg_flush_percpu_vmstats(). */
export function flush_percpu_vmstats(memcg: mem_cgroup, counts: Counts): void {
  add_upwards(memcg, sum(memcg.$vmstats_percpu, 0, counts));
  for (let nid = 0; nid < NODES; nid++) {
    add_node_upwards(memcg, nid, sum(memcg.$lruvec_stat_cpu, of_node(nid, 0), counts));
  }
}

/** memcg_flush_percpu_vmstats(), for_each_online_cpu(). Context: nobody changes them any more. */
export const memcg_flush_percpu_vmstats = kernel(
  "memcg_flush_percpu_vmstats",
  (memcg: mem_cgroup): void => flush_percpu_vmstats(memcg, isOnline),
);

/** mem_cgroup_css_free(), with what mem_cgroup_free() does first. Context: kworker. */
export const mem_cgroup_css_free_vmstats = kernel(
  "mem_cgroup_css_free_vmstats",
  (css: cgroup_subsys_state): void => {
    memcg_flush_percpu_vmstats(container_of(css, mem_cgroup));
    mem_cgroup_css_free(css);
  },
  { inline: true },
);

export default detail({
  name: "memcg_vmstats",
  subject: "statistics of slab objects of a cgroup, with batches per CPU (posted, v5.9 to v5.11)",
  commit: "42a300353577",
  version: "v5.9",
  adds: [
    "__mod_memcg_state",
    "__mod_memcg_lruvec_state",
    "memcg_hotplug_cpu_dead_vmstats",
    "memcg_flush_percpu_vmstats",
    "mem_cgroup_css_free_vmstats",
  ],
  conflicts: ["b4e0b68fbd9d", "memcg_state_local"], // v5.13 has rstat
}, {
  mem_cgroup_init: around((original) => (): void => {
    original();
    memory_cgrp_subsys.css_free = mem_cgroup_css_free_vmstats;
  }),

  cpu_down: (cpu: number): number =>
    cpu_down_with(cpu, (cpu) => {
      memcg_hotplug_cpu_dead(cpu);
      memcg_hotplug_cpu_dead_vmstats(cpu);
    }),

  memcg_slab_post_alloc_hook(
    objcg: obj_cgroup,
    gfp: gfp_t,
    object: kmem_object | null,
    size: number,
  ): void {
    if (object && kmalloc_may_fail(gfp)) { // memcg_alloc_page_obj_cgroups()
      obj_cgroup_get(objcg);
      object.objcg = objcg;
      object.nid = numa_node_id();
      mod_objcg_state(objcg, object.nid, obj_full_size(size));
    } else {
      obj_cgroup_uncharge(objcg, obj_full_size(size));
    }
    obj_cgroup_put(objcg);
  },

  memcg_slab_free_hook(object: kmem_object): void {
    const objcg = object.objcg;
    if (!objcg) return;
    object.objcg = null;
    const size = obj_full_size(object.size);
    obj_cgroup_uncharge(objcg, size);
    mod_objcg_state(objcg, object.nid, -size);
    obj_cgroup_put(objcg);
  },
});
