/**
 * B24b: "memcg: uint16_t for nr_bytes in obj_stock_pcp", of objcg_slots, without what guards the 16 bits.
 *
 * Charging adds what is left over of its pages, and may not uncharge. An object of more than 64 KiB never
 * finds enough in the slot, so its remainders add up past what the slot can hold. The patch as posted has a
 * guard; which values it must compare was the subject of the review.
 *
 * @module
 */
import { refilling } from "./objcg_slots.ts";
import { draft } from "./patch.ts";

export default draft({
  bug: "b24b",
  subject: "memcg: uint16_t for nr_bytes in obj_stock_pcp (without the guard)",
  link: "https://lore.kernel.org/r/20260520053123.2709959-3-shakeel.butt@linux.dev",
  version: "v7.2",
  needs: ["52af721b9421", "5387c90490f7", "objcg_slots"],
}, {
  __refill_obj_stock: refilling(undefined, Infinity),
});
