/**
 * The part of target `objcg` that is about memsw, the counter of memory and swap of a cgroup1 hierarchy.
 *
 * @module
 */
import { int, type OpDefinition, ref, SKIPPED } from "../src/prog/target.ts";
import { kernfs_get_active, kernfs_put_active } from "../src/kernel/cgroup.ts";
import { mem_cgroup_resize_max } from "../src/kernel/memcontrol.ts";
import { type mem_cgroup, root_mem_cgroup } from "../src/kernel/memcontrol-types.ts";
import { mayHave } from "../src/kernel/version.ts";

/** With memsw it asks which of the two limits is meant. */
const resize = mem_cgroup_resize_max as (m: mem_cgroup, pages: number, memsw: boolean) => number;

const ops: Readonly<Record<string, OpDefinition>> = {
  set_memsw_max: {
    doc: "Write memory.memsw.limit_in_bytes of a cgroup, in pages.",
    weight: 0.5,
    bootWeight: 0.5,
    args: [
      ref("memcg", "memcg", { made: true }),
      int("pages", 0, 4096, [0, 1, 2, 31, 32, 33, 63, 64, 65, 128]),
    ],
    run(m: mem_cgroup, pages: number): number {
      if (m === root_mem_cgroup() || !kernfs_get_active(m.css)) return SKIPPED;
      const ret = resize(m, pages, true);
      kernfs_put_active(m.css);
      return ret;
    },
  },
};

/** Operations of this file that the kernel has. */
export const memswOps = mayHave("memsw") ? ops : {};
