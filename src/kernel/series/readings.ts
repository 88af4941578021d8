/**
 * What the functions of the model were held against: trees of the kernel, and a mail.
 *
 * A test tells when a definition has changed since it was read, and must be read again.
 *
 * @module
 */
import free_bulk from "./readings/free_bulk.ts";
import linux_5_10_7 from "./readings/linux-5.10.7.ts";
import linux_5_11 from "./readings/linux-5.11.ts";
import linux_5_12_9 from "./readings/linux-5.12.9.ts";
import linux_5_13_rc1 from "./readings/linux-5.13-rc1.ts";
import linux_5_14_2 from "./readings/linux-5.14.2.ts";
import linux_5_17_rc5 from "./readings/linux-5.17-rc5.ts";
import linux_5_18_12 from "./readings/linux-5.18.12.ts";
import linux_5_9_1 from "./readings/linux-5.9.1.ts";
import linux_6_1_192 from "./readings/linux-6.1.192.ts";
import linux_6_12_117 from "./readings/linux-6.12.117.ts";
import linux_6_14 from "./readings/linux-6.14.ts";
import linux_6_17 from "./readings/linux-6.17.ts";
import linux_6_18_19 from "./readings/linux-6.18.19.ts";
import linux_6_5 from "./readings/linux-6.5.ts";
import linux_6_8_1 from "./readings/linux-6.8.1.ts";
import linux_7_0 from "./readings/linux-7.0.ts";
import linux_7_1_3 from "./readings/linux-7.1.3.ts";
import linux_7_2_13 from "./readings/linux-7.2.13.ts";
import list_lru from "./readings/list_lru.ts";
import vmstats from "./readings/vmstats.ts";
import type { Tree } from "./readings/tree.ts";

/** The trees, oldest first: Debian's packages, and copies of releases. */
export const TREES: readonly Tree[] = [
  linux_5_9_1,
  linux_5_10_7,
  linux_5_11,
  linux_5_12_9,
  linux_5_13_rc1,
  linux_5_14_2,
  linux_5_17_rc5,
  linux_5_18_12,
  linux_6_1_192,
  linux_6_5,
  linux_6_8_1,
  linux_6_12_117,
  linux_6_14,
  linux_6_17,
  linux_6_18_19,
  linux_7_0,
  linux_7_1_3,
  linux_7_2_13,
  ...vmstats,
  ...free_bulk,
  ...list_lru,
];

/** The functions of which the review of the posted patch quotes enough to write them. */
export const QUOTED: readonly string[] = [
  "consume_obj_stock",
  "drain_obj_stock",
  "memcg_online_kmem",
  "memcg_reparent_objcgs",
  "obj_cgroup_alloc",
  "obj_cgroup_charge",
  "obj_cgroup_release",
  "obj_cgroup_uncharge",
  "obj_stock_flush_required",
  "refill_obj_stock",
];
