/**
 * What mends k04: a cgroup that is freed passes on what all CPUs keep of it, also those that are down. In the
 * kernel rstat did that, in v5.13 (2d146aa3aa84) and for nodes in v5.15 (7e1c0d6f5820).
 *
 * @module
 */
import type { mem_cgroup } from "../memcontrol-types.ts";
import { flush_percpu_vmstats } from "./memcg_vmstats.ts";
import { patch } from "./patch.ts";

export default patch("k04-statistics-of-offline-cpus", "mm: memcontrol: flush all possible CPUs", {
  memcg_flush_percpu_vmstats: (memcg: mem_cgroup): void => flush_percpu_vmstats(memcg, () => true),
});
