/**
 * B22c: version 2 of "memcg: cache obj_stock by memcg, not by objcg pointer" (d0211878ce06), for v7.1.
 *
 * Bytes that are parked on an objcg go into the stock of a sibling when that objcg puts some in. One that
 * never does keeps them, and is released with bytes that are no whole page.
 *
 * @module
 */
import { atomic_read, READ_ONCE, xchg } from "../../machine/memory/access.ts";
import type { obj_cgroup, obj_stock_pcp } from "../memcontrol-types.ts";
import { cut_pages } from "./5387c90490f7-improve-refill-obj-stock.ts";
import { replace_stock_objcg } from "./ae51c775aa2b-put-inside-drain-obj-stock.ts";
import { keyed_by_memcg, type Same } from "./b22a_stock_of_a_memcg.ts";
import { draft } from "./patch.ts";

/** A comparison of pointers that nobody follows needs no RCU. */
export const same_pointer: Same = (cached, objcg) =>
  READ_ONCE(cached.$memcg) === READ_ONCE(objcg.$memcg);

function refill_and_fold(
  objcg: obj_cgroup,
  stock: obj_stock_pcp,
  nr_bytes: number,
  allow_uncharge: boolean,
): number {
  const cached = READ_ONCE(stock.$cached_objcg);
  if (cached !== objcg) {
    if (!cached || !same_pointer(cached, objcg)) {
      replace_stock_objcg(stock, objcg);
      allow_uncharge = true;
    } else if (atomic_read(objcg.$nr_charged_bytes)) {
      stock.nr_bytes += xchg(objcg.$nr_charged_bytes, 0);
      allow_uncharge = true;
    }
  }
  stock.nr_bytes += nr_bytes;
  return allow_uncharge ? cut_pages(stock) : 0;
}

export default draft({
  bug: "b22c",
  subject: "memcg: cache obj_stock by memcg, not by objcg pointer (version 2)",
  link: "https://lore.kernel.org/r/20260517194308.952655-1-shakeel.butt@linux.dev",
  version: "v7.1",
  needs: ["5387c90490f7", "52af721b9421", "ae51c775aa2b", "01b9da291c49"],
}, keyed_by_memcg(same_pointer, refill_and_fold));
