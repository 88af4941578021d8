/**
 * f785a8f21a9c ("mm: memcg: use READ_ONCE()/WRITE_ONCE() to access stock->cached"), v6.5.
 *
 * @module
 */
import { READ_ONCE, WRITE_ONCE } from "../../machine/memory/access.ts";
import { css_get, css_put } from "../cgroup.ts";
import { obj_stock_flush_required } from "../memcontrol-objcg.ts";
import { drain_stock, mem_cgroup_is_descendant } from "../memcontrol.ts";
import {
  type mem_cgroup,
  MEMCG_CHARGE_BATCH,
  memcg_stock,
  type memcg_stock_pcp,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import { page_counter_uncharge } from "../page_counter.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import { stock_lock } from "./567511462387-local-lock.ts";
import { drain_all_but_isolated } from "./6a792697a53a-remote-isolated-cpus.ts";
import { commit } from "./patch.ts";

/** Whether a stock, of any CPU, caches charges of the subtree. The body of drain_all_stock()'s loop. */
function flush_required(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean {
  let flush = false;
  rcu_read_lock();
  const memcg = READ_ONCE(stock.$cached);
  if (memcg && stock.nr_pages && mem_cgroup_is_descendant(memcg, root_memcg)) flush = true;
  else if (obj_stock_flush_required(stock, root_memcg)) flush = true;
  rcu_read_unlock();
  return flush;
}

export default commit({
  commit: "f785a8f21a9c",
  subject: "mm: memcg: use READ_ONCE()/WRITE_ONCE() to access stock->cached",
  version: "v6.5",
  needs: ["567511462387", "6a792697a53a", "af9a3b69e84b"],
}, {
  consume_stock(memcg: mem_cgroup, nr_pages: number): boolean {
    let ret = false;
    if (nr_pages > MEMCG_CHARGE_BATCH) return ret;
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (memcg === READ_ONCE(stock.$cached) && stock.nr_pages >= nr_pages) {
      stock.nr_pages -= nr_pages;
      ret = true;
    }
    local_unlock_irqrestore(stock_lock, flags);
    return ret;
  },

  drain_stock(stock: memcg_stock_pcp): void {
    const old = READ_ONCE(stock.$cached);
    if (!old) return;
    if (stock.nr_pages) {
      page_counter_uncharge(old.memory, stock.nr_pages);
      stock.nr_pages = 0;
    }
    css_put(old.css);
    WRITE_ONCE(stock.$cached, null);
  },

  __refill_stock(memcg: mem_cgroup, nr_pages: number): void {
    const stock = this_cpu_ptr(memcg_stock);
    if (READ_ONCE(stock.$cached) !== memcg) { // reset if necessary
      drain_stock(stock);
      css_get(memcg.css);
      WRITE_ONCE(stock.$cached, memcg);
    }
    stock.nr_pages += nr_pages;
    if (stock.nr_pages > MEMCG_CHARGE_BATCH) drain_stock(stock);
  },

  drain_all_stock: (root_memcg: mem_cgroup): void =>
    drain_all_but_isolated(root_memcg, flush_required),
});
