/**
 * Flags of a css — include/linux/cgroup-defs.h.
 *
 * @module
 */

export const CSS_NO_REF = 1;
export const CSS_ONLINE = 2;
export const CSS_RELEASED = 4;
export const CSS_DYING = 16;
