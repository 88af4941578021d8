/**
 * The part of target `objcg` that is about cgroup1, where a cgroup need not be accounted below the one that
 * it is in.
 *
 * @module
 */
import { int, type OpDefinition, ref, SKIPPED } from "../src/prog/target.ts";
import { kernfs_get_active, kernfs_put_active } from "../src/kernel/cgroup.ts";
import {
  mem_cgroup_hierarchy_write,
  mount_cgroup1,
  on_cgroup1,
} from "../src/kernel/memcontrol-hierarchy.ts";
import type { mem_cgroup } from "../src/kernel/memcontrol-types.ts";
import { has } from "../src/kernel/version.ts";

/** Since bef8620cd8e0 (v5.11) there is nothing to find: programs may have them, and none is made with them. */
const made = (weight: number) => has("bef8620cd8e0") ? 0 : weight;

export const hierarchyOps: Readonly<Record<string, OpDefinition>> = {
  mount_cgroup1: {
    doc:
      "Boot with the controller on a cgroup1 hierarchy, whose root has use_hierarchy=0 until v5.11.",
    bootWeight: made(0.5),
    where: "boot",
    run: () => mount_cgroup1(),
  },
  set_use_hierarchy: {
    doc:
      "Write memory.use_hierarchy of a cgroup, a file that there is on a cgroup1 hierarchy only.",
    weight: made(0.05),
    bootWeight: made(0.05),
    args: [ref("memcg"), int("value", 0, 2, [0, 1])],
    run(m: mem_cgroup, value: number): number {
      if (!on_cgroup1() || !kernfs_get_active(m.css)) return SKIPPED;
      const ret = mem_cgroup_hierarchy_write(m, value);
      kernfs_put_active(m.css);
      return ret;
    },
  },
};
