/**
 * NUMA nodes, and the statistics that a cgroup keeps for each — include/linux/mmzone.h.
 *
 * Kernels have them from v5.14 on, where the stock of a CPU caches the changes of the slab statistics.
 *
 * MODEL: a counter per cgroup, node and item, which is added to at every level of the hierarchy at
 * once: no batch per CPU in front of it, and no tree of what is to be flushed.
 *
 * @module
 */
import { CPU, regs } from "../machine/layout/registers.ts";
import { statics } from "../machine/memory/struct.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { has } from "./version.ts";

/** Nodes; CPUs belong to them by turns. */
export const NODES = 2;
/** Of a node's number: none. */
export const NUMA_NO_NODE = -1;

/** enum node_stat_item: what of it is modelled. */
export const NR_SLAB_RECLAIMABLE_B = 0;
export const NR_SLAB_UNRECLAIMABLE_B = 1;
export const NODE_STATS = 2;

/** struct pglist_data: a node. */
export interface pglist_data extends Struct, Fields<{ node_id: number }> {}
export const node_data: readonly pglist_data[] = has("fdbcb2a6d677")
  ? statics<pglist_data>("pglist_data", { node_id: int }, NODES)
  : [];

/** Boot, of kernels that ask a node for its number: free_area_init_node(). */
export function init_nodes(): void {
  for (let nid = 0; nid < NODES; nid++) node_data[nid].node_id = nid;
}

/** numa_node_id(): the node of this CPU. */
export function numa_node_id(): number {
  return regs[CPU] % NODES;
}

/** NODE_DATA() */
export function NODE_DATA(node: number): pglist_data {
  return node_data[node];
}
