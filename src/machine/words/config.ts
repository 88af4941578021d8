/**
 * What is fixed for the life of a machine: it must be known before the kernel's structures are laid
 * out, so it is set once, before any module of the kernel is loaded.
 *
 * @module
 */

import type { KcsanMode } from "../../prog/types.ts";
import { NR_CPUS } from "../layout/sizes.ts";

export interface MachineConfig {
  /** CPUs: 1 to CPUS_MAX, and to NR_CPUS if a kernel runs on them. */
  readonly cpus: number;
  /** Bytes of a page, a power of two; small values reach edge cases sooner. */
  readonly pageSize: number;
  /** Pages charged at once by the page stock (MEMCG_CHARGE_BATCH). */
  readonly chargeBatch: number;
  /** True: all CPUs really run in parallel, no baton. */
  readonly free: boolean;
  /** Points an execution may pass before it counts as a hang. */
  readonly stepLimit: number;
  /** True: laws are judged at every point, not only when all is quiet. Lockstep only. */
  readonly everyStep: boolean;
  /** Which data races count, or that nobody looks for them. */
  readonly kcsan: KcsanMode | "off";
}

export const DEFAULT_CONFIG: MachineConfig = {
  cpus: 3,
  pageSize: 4096,
  chargeBatch: 32,
  free: false,
  stepLimit: 20_000,
  everyStep: false,
  kcsan: "off",
};

/**
 * The configuration in force; see {@linkcode setConfig}. As on hardware, a kernel that is built for
 * NR_CPUS knows nothing of further CPUs.
 */
export let config: MachineConfig = DEFAULT_CONFIG;

/** Whether the machine has further CPUs; see NR_CPUS. */
export let isWide = false;

/** Set the configuration: once, before the kernel is loaded. */
export function setConfig(c: MachineConfig): void {
  isWide = c.cpus > NR_CPUS;
  config = isWide ? { ...c, cpus: NR_CPUS } : c;
}
