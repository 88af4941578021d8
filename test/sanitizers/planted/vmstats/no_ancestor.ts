/** Planted: a batch that is full goes to the cgroup only, and to none of its ancestors. */
import { array_load, array_store, atomic_add } from "../../../../src/machine/memory/access.ts";
import type { mem_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import { smp_processor_id } from "../../../../src/kernel/spinlock.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("no_ancestor", "forgets the hierarchy", {
  __mod_memcg_state(memcg: mem_cgroup, val: number): void {
    const cpu = smp_processor_id();
    atomic_add(val + array_load(memcg.$vmstats_percpu, cpu), memcg.$vmstats);
    array_store(memcg.$vmstats_percpu, cpu, 0);
  },
});
