/** A small target for tests of the input language, and an example file. */
import type { TargetSpec } from "../../src/prog/types.ts";

const MEMCG = { name: "memcg", type: "ref", of: "memcg" } as const;
const TASK = { name: "task", type: "cpu" } as const;
const SIZE = { name: "size", type: "int", min: 0, max: 65536, interesting: [64, 4096] } as const;
const GFP = {
  name: "gfp",
  type: "flags",
  words: { GFP_KERNEL: 3, GFP_NOWAIT: 2, __GFP_NOFAIL: 4, __GFP_HIGH: 8 },
  common: [2, 7],
} as const;

export const SPEC: TargetSpec = {
  name: "objcg",
  doc: "Charging objects to memory cgroups",
  ops: [
    {
      name: "mkdir",
      doc: "Create a child of a memory cgroup",
      args: [{ name: "parent", type: "ref", of: "memcg" }],
      result: "memcg",
      allocs: 4,
    },
    { name: "rmdir", doc: "Take a memory cgroup offline", args: [MEMCG], where: "run" },
    { name: "attach", doc: "Move a task to a memory cgroup", args: [TASK, MEMCG] },
    {
      name: "obj_cgroup_get_current",
      doc: "Take a reference to the objcg of a task",
      args: [TASK],
      result: "objcg",
      where: "any",
    },
    {
      name: "obj_cgroup_charge",
      doc: "Charge bytes to an objcg",
      args: [{ name: "objcg", type: "ref", of: "objcg" }, SIZE],
    },
    {
      name: "kmalloc",
      doc: "Allocate an accounted object",
      args: [SIZE],
      result: "object",
      contexts: ["task", "softirq", "hardirq"],
      allocs: 1,
    },
    {
      name: "kfree",
      doc: "Free an object",
      args: [{ name: "object", type: "ref", of: "object" }],
      contexts: ["task", "softirq", "hardirq"],
    },
    { name: "set_limit", doc: "Limit a memory cgroup", args: [MEMCG, SIZE], where: "boot" },
    {
      name: "alloc_pages",
      doc: "Allocate pages",
      args: [{ name: "order", type: "int", min: 0, max: 3, interesting: [] }, GFP],
      result: "page",
    },
  ],
  predefined: [{ name: "root", type: "memcg" }],
};

/** A second target, so that the choice of a target is tested. */
export const OTHER: TargetSpec = {
  name: "percpu_ref",
  doc: "A reference counter",
  ops: [
    { name: "get", doc: "Take one", args: [{ name: "ref", type: "ref", of: "percpu_ref" }] },
  ],
  predefined: [{ name: "p1", type: "percpu_ref" }],
};

export const TARGETS = [SPEC, OTHER];

/** An example in canonical form. */
export const EXAMPLE = `objcg-fuzz 1
title: css_get() revives a memcg whose offlining has completed
link: https://lore.kernel.org/r/20200203193158.GH1697@cmpxchg.org
cpus: 2
expect posted: refcount: 0 -> 1 in obj_cgroup_charge
expect v5.11: none

# The task on CPU0 holds an objcg of A but has left A.
boot  a = mkdir(root)
boot  attach(cpu0, a)
boot  o = obj_cgroup_get_current(cpu0)
boot  attach(cpu0, root)
cpu0  obj_cgroup_charge(o, 64)
cpu1  rmdir(a)

schedule:
cpu1 until css_killed_work_fn
cpu0 until obj_cgroup_charge: css_get
cpu1 until end
cpu0 until end
`;
