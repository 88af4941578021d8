/**
 * CPUs that the kernel leaves alone — kernel/sched/isolation.c, include/linux/sched/isolation.h.
 *
 * Only 6a792697a53a (v6.4) asks for them.
 *
 * MODEL: one mask instead of one for each kind of housekeeping. It is written at boot (isolcpus=,
 * nohz_full=) and never again; cpusets do not change it.
 *
 * @module
 */
import { statics } from "../machine/memory/struct.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { has } from "./version.ts";

interface housekeeping_masks extends Struct, Fields<{ isolated: number }> {}
const housekeeping = has("6a792697a53a")
  ? statics<housekeeping_masks>("housekeeping", { isolated: int }, 1)
  : [];

/** The boot parameter. Context: boot. */
export function isolate_cpu(cpu: number): void {
  housekeeping[0].isolated |= 1 << cpu;
}

/** cpu_is_isolated() */
export function cpu_is_isolated(cpu: number): boolean {
  return ((housekeeping[0].isolated >> cpu) & 1) !== 0;
}
