/**
 * Planted races with NMIs: kernel functions that wait for the lock of the stock where they must only
 * try, or that keep handlers away by turning interrupts off, which stops no NMI.
 *
 * The kernel is v6.15, the first on which a program may charge a cgroup in an NMI. The module is
 * imported once per plant, as `nmi_plants.ts?plant=NAME`.
 *
 * @module
 */
import { READ_ONCE, WRITE_ONCE } from "../../../src/machine/memory/access.ts";
import {
  type mem_cgroup,
  MEMCG_CHARGE_BATCH,
  memcg_stock,
  this_cpu_ptr,
} from "../../../src/kernel/memcontrol-types.ts";
import { stock_lock } from "../../../src/kernel/patches/567511462387-local-lock.ts";
import { __refill_stock } from "../../../src/kernel/patches/af9a3b69e84b-opencode-uncharge-pages.ts";
import { type Patch, patch, type Replacements } from "../../../src/kernel/patches/patch.ts";
import {
  local_irq_restore,
  local_irq_save,
  local_lock_irqsave,
  local_unlock_irqrestore,
} from "../../../src/kernel/spinlock.ts";

/** How a function keeps others away from the stock: what it calls before, and after. */
interface Guard {
  off(): number;
  on(flags: number): void;
}

const LOCK: Guard = {
  off: () => local_lock_irqsave(stock_lock),
  on: (flags) => local_unlock_irqrestore(stock_lock, flags),
};
const INTERRUPTS: Guard = { off: local_irq_save, on: local_irq_restore };

function consume({ off, on }: Guard): Replacements {
  return {
    consume_stock(memcg: mem_cgroup, nr_pages: number): boolean {
      let ret = false;
      if (nr_pages > MEMCG_CHARGE_BATCH) return ret;
      const flags = off();
      const stock = this_cpu_ptr(memcg_stock);
      const stock_pages = READ_ONCE(stock.$nr_pages);
      if (memcg === READ_ONCE(stock.$cached) && stock_pages >= nr_pages) {
        WRITE_ONCE(stock.$nr_pages, stock_pages - nr_pages);
        ret = true;
      }
      on(flags);
      return ret;
    },
  };
}

function refill({ off, on }: Guard): Replacements {
  return {
    refill_stock(memcg: mem_cgroup, nr_pages: number): void {
      const flags = off();
      __refill_stock(memcg, nr_pages);
      on(flags);
    },
  };
}

/** All plants by name. */
export const PLANTS: Readonly<Record<string, Replacements>> = {
  "nmi-none": {},
  "nmi-consume-waits": consume(LOCK),
  "nmi-consume-irq": consume(INTERRUPTS),
  "nmi-refill-waits": refill(LOCK),
  "nmi-refill-irq": refill(INTERRUPTS),
};

const name = new URL(import.meta.url).searchParams.get("plant") ?? "nmi-consume-waits";
const plant: Patch = patch(name, "planted", PLANTS[name]);
export default plant;
