/**
 * Flags of a css and of a cgroup — include/linux/cgroup-defs.h.
 *
 * @module
 */

export const CSS_NO_REF = 1;
export const CSS_ONLINE = 2;
export const CSS_RELEASED = 4;
export const CSS_DYING = 16;

/** Of the cgroup: its tasks are frozen, or about to be. */
export const CGRP_FREEZE = 4;
