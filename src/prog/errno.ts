/**
 * The error numbers that operations return.
 *
 * @module
 */

/**
 * Error numbers of Linux by name. They are positive; a kernel function returns the negative number.
 *
 * The numbers are those of include/uapi/asm-generic/errno-base.h and errno.h. Only errors that
 * memory cgroups return are listed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(ERRNO.ENOMEM, 12);
 * ```
 */
export const ERRNO: Readonly<Record<string, number>> = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  EBADF: 9,
  ECHILD: 10,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  ENOTDIR: 20,
  EINVAL: 22,
  ENFILE: 23,
  EFBIG: 27,
  ENOSPC: 28,
  ERANGE: 34,
  EDEADLK: 35,
  ENAMETOOLONG: 36,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  EOVERFLOW: 75,
  EOPNOTSUPP: 95,
  ETIMEDOUT: 110,
  EALREADY: 114,
  ECANCELED: 125,
};

const NAMES = new Map(Object.entries(ERRNO).map(([name, value]) => [value, name]));

/**
 * The number of a return value as a file spells it; NaN if the text is no return value.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(returnValue("-ENOMEM"), -12);
 * assertEquals(returnValue("7"), 7);
 * ```
 */
export function returnValue(returns: string): number {
  const name = returns.replace(/^-/, "");
  const errno = ERRNO[name];
  return errno === undefined ? Number(returns) : -errno;
}

/**
 * A return value as a file spells it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(formatReturn(-12), "-ENOMEM");
 * assertEquals(formatReturn(7), "7");
 * ```
 */
export function formatReturn(value: number): string {
  const name = NAMES.get(-value);
  return name === undefined ? String(value) : `-${name}`;
}
