/**
 * B24d: "memcg: multi objcg charge support" (objcg_slots), where the statistics that the stock keeps are
 * passed on to the objcg that wants to keep its own, as when there was one slot, and not to that of the slot
 * that they belong to.
 *
 * @module
 */
import { accounting } from "./objcg_slots.ts";
import { draft } from "./patch.ts";

export default draft({
  bug: "b24d",
  subject: "memcg: multi objcg charge support (statistics of the requester)",
  link: "https://lore.kernel.org/r/20260520053123.2709959-5-shakeel.butt@linux.dev",
  version: "v7.2",
  needs: ["objcg_slots"],
}, {
  __account_obj_stock: accounting((_stock, requester) => requester),
});
