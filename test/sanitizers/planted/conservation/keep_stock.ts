/** Planted: draining puts the stock's reference but leaves the bytes in the stock. */
import { obj_cgroup_put } from "../../../../src/kernel/memcontrol-objcg.ts";
import type { memcg_stock_pcp } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("keep-stock", "memcg: planted: keep the bytes of a stock", {
  drain_obj_stock(stock: memcg_stock_pcp): void {
    const old = stock.cached_objcg;
    if (old) obj_cgroup_put(old);
  },
});
