/**
 * Planted races with interrupts: kernel functions that leave interrupts on for one access or for all.
 *
 * Each plant is a patch. The module is imported once per plant, as `plants.ts?plant=NAME`.
 *
 * @module
 */
import {
  array_load,
  array_read,
  array_store,
  atomic_add,
  atomic_add_unless,
  atomic_read,
  atomic_set,
  atomic_sub_and_test,
  clear_bit,
  xchg,
} from "../../../src/machine/memory/access.ts";
import { container_of } from "../../../src/machine/memory/struct.ts";
import { CPU, regs } from "../../../src/machine/layout/registers.ts";
import { css_put } from "../../../src/kernel/cgroup.ts";
import { list_del } from "../../../src/kernel/list.ts";
import {
  drain_obj_stock,
  obj_cgroup_get,
  obj_cgroup_memcg,
  obj_cgroup_put,
} from "../../../src/kernel/memcontrol-objcg.ts";
import { __memcg_kmem_uncharge, drain_stock } from "../../../src/kernel/memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  memcg_stock,
  type memcg_stock_pcp,
  obj_cgroup,
  PAGE_SHIFT,
  PAGE_SIZE,
  this_cpu_ptr,
} from "../../../src/kernel/memcontrol-types.ts";
import { objcg_lock } from "../../../src/kernel/patches/0764db9b49c9-objcg-lock-v5.9.ts";
import { type Patch, patch, type Replacements } from "../../../src/kernel/patches/patch.ts";
import {
  __ref_is_percpu,
  percpu_count_ptr,
  percpu_ref,
  percpu_ref_call_confirm,
  percpu_ref_exit,
} from "../../../src/kernel/percpu-refcount.ts";
import { PERCPU_COUNT_BIAS } from "../../../src/kernel/percpu-refcount-defs.ts";
import {
  kfree_rcu,
  type rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
} from "../../../src/kernel/rcu.ts";
import { config } from "../../../src/machine/words/config.ts";
import { kfree } from "../../../src/kernel/slab.ts";
import {
  local_bh_disable,
  local_bh_enable,
  local_irq_restore,
  local_irq_save,
  spin_lock,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irqrestore,
} from "../../../src/kernel/spinlock.ts";

/** How a function keeps handlers away: what it calls before, and after. */
interface Guard {
  off(): number;
  on(flags: number): void;
}

const NOTHING: Guard = { off: () => 0, on: () => {} };
/** Softirqs are kept away, hardirqs are not. */
const SOFTIRQS: Guard = {
  off: () => {
    local_bh_disable();
    return 0;
  },
  on: () => local_bh_enable(),
};

function consume({ off, on }: Guard): Replacements {
  return {
    consume_obj_stock(objcg: obj_cgroup, nr_bytes: number): boolean {
      let ret = false;
      const flags = off();
      const stock = this_cpu_ptr(memcg_stock);
      if (objcg === stock.cached_objcg && stock.nr_bytes >= nr_bytes) {
        stock.nr_bytes -= nr_bytes;
        ret = true;
      }
      on(flags);
      return ret;
    },
  };
}

const consume_late: Replacements = {
  consume_obj_stock(objcg: obj_cgroup, nr_bytes: number): boolean {
    let ret = false;
    const stock = this_cpu_ptr(memcg_stock);
    const cached = stock.cached_objcg;
    const flags = local_irq_save();
    if (objcg === cached && stock.nr_bytes >= nr_bytes) {
      stock.nr_bytes -= nr_bytes;
      ret = true;
    }
    local_irq_restore(flags);
    return ret;
  },
};

const consume_early: Replacements = {
  consume_obj_stock(objcg: obj_cgroup, nr_bytes: number): boolean {
    const flags = local_irq_save();
    const stock = this_cpu_ptr(memcg_stock);
    const ret = objcg === stock.cached_objcg && stock.nr_bytes >= nr_bytes;
    const left = ret ? stock.nr_bytes - nr_bytes : 0;
    local_irq_restore(flags);
    if (ret) stock.nr_bytes = left;
    return ret;
  },
};

function refill({ off, on }: Guard): Replacements {
  return {
    refill_obj_stock(objcg: obj_cgroup, nr_bytes: number): void {
      const flags = off();
      const stock = this_cpu_ptr(memcg_stock);
      if (stock.cached_objcg !== objcg) {
        drain_obj_stock(stock);
        obj_cgroup_get(objcg);
        stock.cached_objcg = objcg;
        stock.nr_bytes = xchg(objcg.$nr_charged_bytes, 0);
      }
      stock.nr_bytes += nr_bytes;
      if (stock.nr_bytes > PAGE_SIZE) drain_obj_stock(stock);
      on(flags);
    },
  };
}

const refill_late: Replacements = {
  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number): void {
    const stock = this_cpu_ptr(memcg_stock);
    const cached = stock.cached_objcg;
    const flags = local_irq_save();
    if (cached !== objcg) {
      drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.cached_objcg = objcg;
      stock.nr_bytes = xchg(objcg.$nr_charged_bytes, 0);
    }
    stock.nr_bytes += nr_bytes;
    if (stock.nr_bytes > PAGE_SIZE) drain_obj_stock(stock);
    local_irq_restore(flags);
  },
};

const refill_early: Replacements = {
  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number): void {
    const flags = local_irq_save();
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached_objcg !== objcg) {
      drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.cached_objcg = objcg;
      stock.nr_bytes = xchg(objcg.$nr_charged_bytes, 0);
    }
    const sum = stock.nr_bytes + nr_bytes;
    local_irq_restore(flags);
    stock.nr_bytes = sum;
    if (sum > PAGE_SIZE) drain_obj_stock(stock);
  },
};

/**
 * Draining with interrupts on: for all accesses, or for the first or the last one. The caller turns
 * them on around it.
 */
function drain(kind: "on" | "late" | "early"): Replacements {
  return {
    refill_obj_stock(objcg: obj_cgroup, nr_bytes: number): void {
      let flags = local_irq_save();
      const stock = this_cpu_ptr(memcg_stock);
      if (stock.cached_objcg !== objcg) {
        local_irq_restore(flags);
        drain_obj_stock(stock);
        flags = local_irq_save();
        obj_cgroup_get(objcg);
        stock.cached_objcg = objcg;
        stock.nr_bytes = xchg(objcg.$nr_charged_bytes, 0);
      }
      stock.nr_bytes += nr_bytes;
      local_irq_restore(flags);
      if (stock.nr_bytes > PAGE_SIZE) drain_obj_stock(stock);
    },
    drain_obj_stock(stock: memcg_stock_pcp): void {
      const before = kind === "late" ? stock.cached_objcg : null;
      const flags = kind === "on" ? 0 : local_irq_save();
      const old = kind === "late" ? before : stock.cached_objcg;
      if (old) {
        const bytes = stock.nr_bytes;
        const nr_pages = bytes >>> PAGE_SHIFT;
        if (nr_pages) {
          rcu_read_lock();
          __memcg_kmem_uncharge(obj_cgroup_memcg(old)!, nr_pages);
          rcu_read_unlock();
        }
        atomic_add(bytes & (PAGE_SIZE - 1), old.$nr_charged_bytes);
        stock.nr_bytes = 0;
        obj_cgroup_put(old);
        if (kind !== "early") stock.cached_objcg = null;
      }
      if (kind !== "on") local_irq_restore(flags);
      if (old && kind === "early") stock.cached_objcg = null;
    },
  };
}

/** Draining of the own stock with interrupts on: for all of it, for its first or for its second half. */
function drain_local(kind: "on" | "late" | "early"): Replacements {
  return {
    drain_local_stock(_dummy: unknown): void {
      const stock = this_cpu_ptr(memcg_stock);
      if (kind === "late") drain_obj_stock(stock);
      const flags = kind === "on" ? 0 : local_irq_save();
      if (kind !== "late") drain_obj_stock(stock);
      if (kind !== "early") drain_stock(stock);
      if (kind !== "on") local_irq_restore(flags);
      if (kind === "early") drain_stock(stock);
      clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    },
  };
}

const release_unsafe: Replacements = {
  obj_cgroup_release(ref: percpu_ref): void {
    const objcg = container_of(ref, obj_cgroup);
    const nr_pages = atomic_read(objcg.$nr_charged_bytes) >>> PAGE_SHIFT;
    if (nr_pages) {
      rcu_read_lock();
      __memcg_kmem_uncharge(obj_cgroup_memcg(objcg)!, nr_pages);
      rcu_read_unlock();
    }
    spin_lock(objcg_lock);
    list_del(objcg.list);
    css_put(obj_cgroup_memcg(objcg)!.css);
    spin_unlock(objcg_lock);
    percpu_ref_exit(ref);
    kfree_rcu(objcg.rcu);
  },
};

/** Frees at once; the kernel waits for a grace period. */
const release_frees: Replacements = {
  obj_cgroup_release(ref: percpu_ref): void {
    const objcg = container_of(ref, obj_cgroup);
    const nr_pages = atomic_read(objcg.$nr_charged_bytes) >>> PAGE_SHIFT;
    if (nr_pages) {
      rcu_read_lock();
      __memcg_kmem_uncharge(obj_cgroup_memcg(objcg)!, nr_pages);
      rcu_read_unlock();
    }
    const flags = spin_lock_irqsave(objcg_lock);
    list_del(objcg.list);
    css_put(obj_cgroup_memcg(objcg)!.css);
    spin_unlock_irqrestore(objcg_lock, flags);
    percpu_ref_exit(ref);
    kfree(objcg);
  },
};

/** this_cpu_add() in two halves: an interrupt between them loses a count. */
function addInHalves(ref: percpu_ref, nr: number): boolean {
  const counters = __ref_is_percpu(ref);
  if (counters === false) return false;
  array_store(counters.$c, regs[CPU], array_load(counters.$c, regs[CPU]) + nr);
  return true;
}

const get_in_halves: Replacements = {
  percpu_ref_get_many(ref: percpu_ref, nr: number): void {
    rcu_read_lock();
    if (!addInHalves(ref, nr)) atomic_add(nr, ref.$count);
    rcu_read_unlock();
  },
};

const put_in_halves: Replacements = {
  percpu_ref_put_many(ref: percpu_ref, nr: number): void {
    rcu_read_lock();
    if (!addInHalves(ref, -nr) && atomic_sub_and_test(nr, ref.$count)) ref.release!(ref);
    rcu_read_unlock();
  },
};

/**
 * The end of a switch to atomic mode with a load and a store for atomic_add(): a handler, or another
 * CPU, that puts a reference between them puts it in vain.
 */
const switch_in_halves: Replacements = {
  percpu_ref_switch_to_atomic_rcu(rcu: rcu_head): void {
    const ref = container_of(rcu, percpu_ref);
    const counters = percpu_count_ptr(ref)!;
    let count = 0;
    for (let cpu = 0; cpu < config.cpus; cpu++) count += array_read(counters.$c, cpu);
    const before = atomic_read(ref.$count);
    atomic_set(ref.$count, (before + count - PERCPU_COUNT_BIAS) | 0);
    percpu_ref_call_confirm(ref);
  },
};

/** The reference that percpu_ref_tryget() takes, counted in two halves. */
const tryget_in_halves: Replacements = {
  percpu_ref_tryget(ref: percpu_ref): boolean {
    rcu_read_lock();
    const ret = addInHalves(ref, 1) || atomic_add_unless(ref.$count, 1, 0);
    rcu_read_unlock();
    return ret;
  },
};

/** All plants by name. */
export const PLANTS: Readonly<Record<string, Replacements>> = {
  none: {},
  "consume-on": consume(NOTHING),
  "consume-late": consume_late,
  "consume-early": consume_early,
  "consume-bh": consume(SOFTIRQS),
  "refill-on": refill(NOTHING),
  "refill-late": refill_late,
  "refill-early": refill_early,
  "refill-bh": refill(SOFTIRQS),
  "drain-on": drain("on"),
  "drain-late": drain("late"),
  "drain-early": drain("early"),
  "drain_local-on": drain_local("on"),
  "drain_local-late": drain_local("late"),
  "drain_local-early": drain_local("early"),
  "release-unsafe": release_unsafe,
  "release-frees": release_frees,
  "get-in-halves": get_in_halves,
  "put-in-halves": put_in_halves,
  "tryget-in-halves": tryget_in_halves,
  "switch-in-halves": switch_in_halves,
};

const name = new URL(import.meta.url).searchParams.get("plant") ?? "consume-on";
const plant: Patch = patch(name, "planted", PLANTS[name]);
export default plant;
