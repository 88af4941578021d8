/**
 * Flags and bias of a percpu_ref — include/linux/percpu-refcount.h.
 *
 * @module
 */

export const PERCPU_COUNT_BIAS = 1 << 31;
/** How far `percpu_count_ptr` shifts the address of the counters. */
export const PERCPU_PTR_SHIFT = 2;
/** Bits of `percpu_count_ptr`. */
export const __PERCPU_REF_ATOMIC = 1;
export const __PERCPU_REF_DEAD = 2;
export const __PERCPU_REF_ATOMIC_DEAD = 3;
/** Start with one reference in atomic mode, and stay there until percpu_ref_switch_to_percpu(). */
export const PERCPU_REF_INIT_ATOMIC = 1;
/** Start dead, without a reference. percpu_ref_reinit() makes the ref live. */
export const PERCPU_REF_INIT_DEAD = 2;
/** The ref may return to per-CPU mode, so the counters are kept until percpu_ref_exit(). */
export const PERCPU_REF_ALLOW_REINIT = 4;
