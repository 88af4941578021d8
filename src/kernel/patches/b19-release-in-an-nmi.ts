/**
 * What would mend B19. In an NMI the release of an objcg is put off, which no commit of the kernel does;
 * and the slot that makes room in a page stock is the next one in turn instead of a random one, as since
 * c0cafe24d3f6 (v7.1).
 *
 * The kernel would put the release off with an irq_work. Here it is a callback, by the head of the
 * percpu_ref, which has no more use for it.
 *
 * @module
 */
import { context } from "../../machine/context/interrupt.ts";
import { NMI } from "../../machine/layout/contexts.ts";
import { CPU, regs } from "../../machine/layout/registers.ts";
import { container_of, statics } from "../../machine/memory/struct.ts";
import { type Fields, int, type Struct } from "../../machine/memory/struct_type.ts";
import { config } from "../../machine/words/config.ts";
import { prototype } from "../../machine/calls/prototype.ts";
import { kernel } from "../../machine/calls/registry.ts";
import { type mem_cgroup, NR_MEMCG_STOCK } from "../memcontrol-types.ts";
import type { percpu_ref } from "../percpu-refcount.ts";
import { call_rcu, type rcu_head } from "../rcu.ts";
import { percpu_ref_data } from "./2b0d3d3e4fcf-percpu-ref-data.ts";
import { refill_stock_with } from "./9e619cd4fefd-no-irq-disable-for-memcg-stock.ts";
import { around, patch } from "./patch.ts";

interface drain_idx extends Struct, Fields<{ idx: number }> {}
/** memcg_stock_pcp.drain_idx: protected by the lock of the stock. */
const next = statics<drain_idx>("drain_idx", { idx: int }, config.cpus);

function next_slot(): number {
  const { idx } = next[regs[CPU]];
  next[regs[CPU]].idx = (idx + 1) % NR_MEMCG_STOCK;
  return idx;
}

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

  refill_stock(memcg: mem_cgroup, nr_pages: number): void {
    refill_stock_with(memcg, nr_pages, next_slot);
  },
});
