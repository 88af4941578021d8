/**
 * What is fixed for the life of a machine: it must be known before the kernel's structures are laid
 * out, so it is set once, before any module of the kernel is loaded.
 *
 * @module
 */

/** Order of the preemption models in packed programs. */
export const PREEMPT_NONE = 0;
export const PREEMPT_FULL = 1;
export const PREEMPT_RT = 2;

export interface MachineConfig {
  /** CPUs, each a Worker: 1 to 32. */
  readonly cpus: number;
  /** Bytes of a page, a power of two; small values reach edge cases sooner. */
  readonly pageSize: number;
  /** Pages charged at once by the page stock (MEMCG_CHARGE_BATCH). */
  readonly chargeBatch: number;
  /** True: all CPUs really run in parallel, no baton. */
  readonly free: boolean;
  /** Points an execution may pass before it counts as a hang. */
  readonly stepLimit: number;
  /** Which data races count, or that nobody looks for them; see {@linkcode KCSAN_MODES}. */
  readonly kcsan: KcsanMode | "off";
}

/**
 * The configurations of KCSAN: reports only races that change a value and takes aligned plain writes
 * for atomic, as by default; neither (KCSAN_STRICT); and the first without changes of one bit
 * (KCSAN_PERMISSIVE).
 */
export const KCSAN_MODES = ["value-change", "strict", "permissive"] as const;
export type KcsanMode = typeof KCSAN_MODES[number];

export const DEFAULT_CONFIG: MachineConfig = {
  cpus: 3,
  pageSize: 4096,
  chargeBatch: 32,
  free: false,
  stepLimit: 20_000,
  kcsan: "off",
};

/** The configuration in force; see {@linkcode setConfig}. */
export let config: MachineConfig = DEFAULT_CONFIG;

/** Set the configuration: once, before the kernel is loaded. */
export function setConfig(c: MachineConfig): void {
  config = c;
}
