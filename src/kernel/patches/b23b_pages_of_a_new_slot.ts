/**
 * B23b: "memcg: multi-memcg percpu charge cache" (f735eebe55f8, v6.16) with its second fix, as
 * linux-next had it for some days in April 2025.
 *
 * A cgroup that gets a new slot gets the pages that a local variable says, which only the path of a
 * cgroup that has a slot assigns.
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { UNINIT } from "../../machine/hooks/uninit.ts";
import {
  array_read,
  array_write,
  element,
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
function refill_slot(memcg: mem_cgroup, nr_pages: number): void {
  const stock = this_cpu_ptr(memcg_stock);
  const unassigned = UNINIT; // stock_pages, outside of the loop's body
  let empty_slot = -1;
  for (let i = 0; i < NR_MEMCG_STOCK; i++) {
    const cached = READ_ONCE(pointer_element(stock.$cached, i));
    if (!cached && empty_slot === -1) empty_slot = i;
    if (cached !== memcg) continue;
    const stock_pages = array_read(stock.$nr_pages, i) + nr_pages;
    array_write(stock.$nr_pages, i, stock_pages);
    if (stock_pages > MEMCG_CHARGE_BATCH) drain_stock(stock, i);
    return;
  }
  let i = empty_slot;
  if (i === -1) {
    i = random_slot();
    drain_stock(stock, i);
  }
  css_get(memcg.css);
  WRITE_ONCE(pointer_element(stock.$cached, i), memcg);
  WRITE_ONCE(element(stock.$nr_pages, i), unassigned);
}

export default draft({
  bug: "b23b",
  subject: "memcg: multi-memcg percpu charge cache (in linux-next, with fix 2)",
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
    refill_slot(memcg, nr_pages);
    local_unlock(memcg_lock);
  },
});
