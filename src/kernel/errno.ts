/**
 * Error numbers, GFP flags and error pointers — include/uapi/asm-generic/errno-base.h,
 * include/linux/gfp.h, include/linux/err.h.
 *
 * @module
 */

export const ENOENT = 2;
export const ESRCH = 3;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EBUSY = 16;
export const ENODEV = 19;
export const EINVAL = 22;
export const ENOSPC = 28;

/** Names, for reports and for `= -ENAME` in seeds. */
export const ERRNO_NAMES: Readonly<Record<string, number>> = {
  ENOENT,
  ESRCH,
  EAGAIN,
  ENOMEM,
  EBUSY,
  ENODEV,
  EINVAL,
  ENOSPC,
};

export type gfp_t = number;
export const __GFP_DIRECT_RECLAIM = 1;
export const __GFP_NOFAIL = 2;
export const __GFP_ACCOUNT = 4;
export const __GFP_HIGH = 8;
export const __GFP_ATOMIC = 16;
export const __GFP_KSWAPD_RECLAIM = 32;
export const __GFP_NORETRY = 64;
export const __GFP_RECLAIM = __GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM;
/** The allocation may sleep. */
export const GFP_KERNEL = __GFP_RECLAIM;
export const GFP_KERNEL_ACCOUNT = GFP_KERNEL | __GFP_ACCOUNT;
/** The allocation must not sleep. It fails where it would have to. */
export const GFP_NOWAIT = __GFP_KSWAPD_RECLAIM;
/** The allocation must not sleep, and may use reserves. */
export const GFP_ATOMIC = __GFP_HIGH | __GFP_ATOMIC | __GFP_KSWAPD_RECLAIM;

export function gfpflags_allow_blocking(gfp: gfp_t): boolean {
  return (gfp & __GFP_DIRECT_RECLAIM) !== 0;
}

/** Whether locks may be waited for: an allocation from any context, such as an NMI, must not. */
export function gfpflags_allow_spinning(gfp: gfp_t): boolean {
  return (gfp & __GFP_RECLAIM) !== 0;
}

/** MODEL: a pointer that holds an error is the negative number itself. */
export function IS_ERR<T>(p: T | number): p is number {
  return typeof p === "number" && p < 0 && p >= -4095;
}
