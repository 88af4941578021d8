/**
 * B24c: "memcg: int16_t for cached slab stats", of objcg_slots, without what guards the 16 bits.
 *
 * The stock keeps a change of the statistics at least once, however large it is. A change of 32 KiB does
 * not fit.
 *
 * @module
 */
import { PAGE_SIZE } from "../memcontrol-types.ts";
import { accounting, owner_of_stats } from "./objcg_slots.ts";
import { draft } from "./patch.ts";

const keeps_anything_once = (sum: number, bytes: number): boolean =>
  !bytes || Math.abs(sum) <= PAGE_SIZE;

export default draft({
  bug: "b24c",
  subject: "memcg: int16_t for cached slab stats (without the guard)",
  link: "https://lore.kernel.org/r/20260520053123.2709959-4-shakeel.butt@linux.dev",
  version: "v7.2",
  needs: ["objcg_slots"],
}, {
  __account_obj_stock: accounting(owner_of_stats, keeps_anything_once),
});
