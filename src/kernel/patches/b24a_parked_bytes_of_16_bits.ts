/**
 * B24a: the prototype of "memcg: multi objcg charge support" (objcg_slots), as it was sent for a test on
 * 18 May 2026.
 *
 * The bytes that are parked on an objcg go into the slot at once, which has 16 bits. What is above 65535 of
 * them is lost before anybody compares it with what a slot can hold.
 *
 * @module
 */
import type { obj_cgroup } from "../memcontrol-types.ts";
import { take_charged_bytes } from "./5387c90490f7-improve-refill-obj-stock.ts";
import { refilling, U16_MAX } from "./objcg_slots.ts";
import { draft } from "./patch.ts";

/** stock->nr_bytes[slot] = … */
const take_16_bits = (objcg: obj_cgroup): number => take_charged_bytes(objcg) & U16_MAX;

export default draft({
  bug: "b24a",
  subject: "memcg: shrink obj_stock_pcp and cache multiple objcgs (prototype)",
  link: "https://lore.kernel.org/r/agtPMpQK2jXdQAY4@linux.dev",
  version: "v7.2",
  needs: ["52af721b9421", "5387c90490f7", "objcg_slots"],
}, {
  __refill_obj_stock: refilling(take_16_bits),
});
