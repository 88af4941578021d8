/**
 * B23a: version 1 of "memcg: multi-memcg percpu charge cache" (f735eebe55f8, v6.16).
 *
 * Whoever looks for the slot of a cgroup takes the first empty one before it has seen all. If the
 * cgroup has a slot further on, it has two then. consume_stock() looks at the first only.
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import {
  array_read,
  array_write,
  pointer_element,
  READ_ONCE,
  WRITE_ONCE,
} from "../../machine/memory/access.ts";
import { css_get } from "../cgroup.ts";
import { mem_cgroup_is_root } from "../memcontrol.ts";
import {
  type mem_cgroup,
  MEMCG_CHARGE_BATCH,
  memcg_stock,
  NR_MEMCG_STOCK,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import { local_trylock, local_unlock } from "../spinlock.ts";
import { memcg_lock } from "./3523dd7af413-lock-of-the-object-stock.ts";
import { memcg_uncharge } from "./89f342af6603-memcg-uncharge.ts";
import { drain_stock, random_slot } from "./f735eebe55f8-multi-memcg-charge-cache.ts";
import { draft } from "./patch.ts";

/** The middle of refill_stock(). Context: the stock's lock. */
function refill_first_slot(memcg: mem_cgroup, nr_pages: number): void {
  const stock = this_cpu_ptr(memcg_stock);
  let i = 0;
  for (; i < NR_MEMCG_STOCK; i++) {
    const cached = READ_ONCE(pointer_element(stock.$cached, i));
    if (!cached) break; // later slots are not looked at
    if (cached !== memcg) continue;
    const stock_pages = array_read(stock.$nr_pages, i) + nr_pages;
    array_write(stock.$nr_pages, i, stock_pages);
    if (stock_pages > MEMCG_CHARGE_BATCH) drain_stock(stock, i);
    return;
  }
  if (i === NR_MEMCG_STOCK) {
    i = random_slot();
    drain_stock(stock, i);
  }
  css_get(memcg.css);
  WRITE_ONCE(pointer_element(stock.$cached, i), memcg);
  array_write(stock.$nr_pages, i, nr_pages);
}

export default draft({
  bug: "b23a",
  subject: "memcg: multi-memcg percpu charge cache (version 1)",
  link: "https://lore.kernel.org/r/20250416180229.2902751-1-shakeel.butt@linux.dev",
  version: "v6.16",
  needs: ["3523dd7af413", "89f342af6603", "9e619cd4fefd", "f735eebe55f8"],
}, {
  refill_stock(memcg: mem_cgroup, nr_pages: number): void {
    WARN_ON_ONCE(mem_cgroup_is_root(memcg)); // VM_WARN_ON_ONCE()
    if (nr_pages > MEMCG_CHARGE_BATCH || !local_trylock(memcg_lock)) {
      memcg_uncharge(memcg, nr_pages);
      return;
    }
    refill_first_slot(memcg, nr_pages);
    local_unlock(memcg_lock);
  },
});
