/** Planted: draining a page stock does not uncharge its pages. */
import { css_put } from "../../../../src/kernel/cgroup.ts";
import type { memcg_stock_pcp } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("lose-pages", "memcg: planted: lose the stock's pages", {
  drain_stock(stock: memcg_stock_pcp): void {
    const old = stock.cached;
    if (!old) return;
    stock.nr_pages = 0;
    css_put(old.css);
    stock.cached = null;
  },
});
