/**
 * What was read in Linux 5.9.1, 5.10.7 and 5.11 of the statistics of a cgroup, which memcg_vmstats puts in. The
 * three have the same text of all but mem_cgroup_iter() and the hooks of slab objects.
 *
 * @module
 */
import type { Tree } from "./tree.ts";

const trees: readonly Tree[] = [
  {
    kernel: "v5.9+memcg_vmstats",
    expression: "v5.9+memcg_vmstats",
    name: "Linux 5.9.1",
    read: {
      mem_cgroup_iter: "mm/memcontrol.c:1109-1217 53f46df0",
      memcg_slab_post_alloc_hook: "mm/slab.h:313-346 c59aa9b4",
      memcg_slab_free_hook: "mm/slab.h:348-372 c9080f02",
      __mod_memcg_state: "mm/memcontrol.c:777-801 d5c7c093",
      __mod_memcg_lruvec_state: "mm/memcontrol.c:814-843 0c53f847",
      memcg_hotplug_cpu_dead_vmstats: "mm/memcontrol.c:2330-2376 memcg_hotplug_cpu_dead 263962f0",
      memcg_flush_percpu_vmstats: "mm/memcontrol.c:3580-3610 b2d062f5",
      mem_cgroup_css_free_vmstats: "mm/memcontrol.c:5187-5197 mem_cgroup_free 96bb2412",
    },
    differs: {},
  },
  {
    kernel: "v5.10+memcg_vmstats",
    expression: "v5.10+memcg_vmstats",
    name: "Linux 5.10.7",
    read: {
      mem_cgroup_iter: "mm/memcontrol.c:1142-1250 53f46df0",
      memcg_slab_post_alloc_hook: "mm/slab.h:319-352 c59aa9b4",
      memcg_slab_free_hook: "mm/slab.h:354-390 c9080f02",
      __mod_memcg_state: "mm/memcontrol.c:772-796 d5c7c093",
      __mod_memcg_lruvec_state: "mm/memcontrol.c:809-838 0c53f847",
      memcg_hotplug_cpu_dead_vmstats: "mm/memcontrol.c:2380-2426 memcg_hotplug_cpu_dead 263962f0",
      memcg_flush_percpu_vmstats: "mm/memcontrol.c:3641-3671 b2d062f5",
      mem_cgroup_css_free_vmstats: "mm/memcontrol.c:5253-5263 mem_cgroup_free 96bb2412",
    },
    differs: {},
  },
  {
    kernel: "v5.11+memcg_vmstats",
    expression: "v5.11+memcg_vmstats",
    name: "Linux 5.11",
    read: {
      mem_cgroup_iter: "mm/memcontrol.c:1139-1240 53f46df0",
      memcg_slab_post_alloc_hook: "mm/slab.h:302-335 c59aa9b4",
      memcg_slab_free_hook: "mm/slab.h:337-375 c9080f02",
      __mod_memcg_state: "mm/memcontrol.c:761-785 d5c7c093",
      __mod_memcg_lruvec_state: "mm/memcontrol.c:798-827 0c53f847",
      memcg_hotplug_cpu_dead_vmstats: "mm/memcontrol.c:2412-2458 memcg_hotplug_cpu_dead 263962f0",
      memcg_flush_percpu_vmstats: "mm/memcontrol.c:3632-3662 b2d062f5",
      mem_cgroup_css_free_vmstats: "mm/memcontrol.c:5236-5246 mem_cgroup_free 96bb2412",
    },
    differs: {},
  },
];
export default trees;
