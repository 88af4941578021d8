/**
 * The part of target `objcg` that is about objects that are freed several at once (free_bulk).
 *
 * @module
 */
import { type OpDefinition, ref } from "../src/prog/target.ts";
import type { kmem_object } from "../src/kernel/memcontrol-types.ts";
import { mayHave } from "../src/kernel/version.ts";
import { prototype } from "../src/machine/calls/prototype.ts";

const kfree_bulk = prototype<(objects: readonly kmem_object[]) => void>("kfree_bulk", 1);

const ops: Readonly<Record<string, OpDefinition>> = {
  kfree_bulk: {
    doc: "Free two objects at once; those of one size are of one slab page.",
    weight: 1.5,
    bootWeight: 0.2,
    args: [ref("object"), ref("other", "object")],
    consumes: ["object", "other"],
    contexts: ["task", "softirq"],
    run: (x: kmem_object, y: kmem_object) => kfree_bulk([x, y]),
  },
};

/** Operations of this file that the kernel has. */
export const bulkOps: Readonly<Record<string, OpDefinition>> = mayHave("free_bulk") ? ops : {};
