/**
 * What would mend one half of B19. In an NMI the release of an objcg is put off, which no commit of the
 * kernel does.
 *
 * The kernel would put the release off with an irq_work. Here it is a callback, by the head of the
 * percpu_ref, which has no more use for it.
 *
 * @module
 */
import { context } from "../../machine/context/interrupt.ts";
import { NMI } from "../../machine/layout/contexts.ts";
import { container_of } from "../../machine/memory/struct.ts";
import { prototype } from "../../machine/calls/prototype.ts";
import { kernel } from "../../machine/calls/registry.ts";
import type { percpu_ref } from "../percpu-refcount.ts";
import { call_rcu, type rcu_head } from "../rcu.ts";
import { percpu_ref_data } from "./2b0d3d3e4fcf-percpu-ref-data.ts";
import { around, patch } from "./patch.ts";

const obj_cgroup_release = prototype<(ref: percpu_ref) => void>("obj_cgroup_release", 1);

const obj_cgroup_release_deferred = kernel(
  "obj_cgroup_release_deferred",
  (rcu: rcu_head): void => {
    obj_cgroup_release(container_of(rcu, percpu_ref_data).ref!);
  },
);

export default patch("b19-release-in-an-nmi", "memcg: an NMI releases no objcg", {
  obj_cgroup_release: around((original) => (ref: percpu_ref): void => {
    if (context() === NMI) call_rcu(ref.data!.rcu, obj_cgroup_release_deferred);
    else original(ref);
  }),
});
