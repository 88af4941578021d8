/**
 * Fuzz target `objcg`: the obj_cgroup API and everything that it races with.
 *
 * @module
 */
import {
  cpu,
  flags,
  int,
  type OpDefinition,
  ref,
  SKIPPED,
  type Target,
} from "../src/prog/target.ts";
import {
  __GFP_DIRECT_RECLAIM,
  __GFP_HIGH,
  __GFP_NOFAIL,
  __GFP_NORETRY,
  GFP_ATOMIC,
  GFP_KERNEL,
  GFP_NOWAIT,
  type gfp_t,
  IS_ERR,
} from "../src/kernel/errno.ts";
import {
  cgroup_mkdir,
  cgroup_rmdir,
  css_put,
  css_tryget_online,
  kernfs_get_active,
  kernfs_put_active,
} from "../src/kernel/cgroup.ts";
import { reset_active_memcg, set_active_memcg } from "../src/kernel/active-memcg.ts";
import { cpu_down, cpu_up } from "../src/kernel/cpu.ts";
import { isolate_cpu } from "../src/kernel/isolation.ts";
import { mem_cgroup_init } from "../src/kernel/memcontrol-css.ts";
import {
  get_obj_cgroup_from_current,
  obj_cgroup_charge,
  obj_cgroup_put,
  obj_cgroup_uncharge,
} from "../src/kernel/memcontrol-objcg.ts";
import { drain_all_stock, mem_cgroup_resize_max } from "../src/kernel/memcontrol.ts";
import {
  find_root_mem_cgroup,
  type kmem_object,
  mem_cgroup,
  type obj_cgroup,
  type page,
  root_mem_cgroup,
} from "../src/kernel/memcontrol-types.ts";
import { synchronize_rcu } from "../src/kernel/rcu.ts";
import { kfree, kzalloc } from "../src/kernel/slab.ts";
import {
  mem_cgroup_try_charge_swap,
  mem_cgroup_uncharge_swap,
  swap_cgroup,
} from "../src/kernel/memcontrol-id.ts";
import {
  alloc_kmem_pages,
  free_kmem_pages,
  kmem_cache_alloc,
  kmem_cache_free,
  kmem_cache_free_rcu,
} from "../src/kernel/slab-hooks.ts";
import { mayHave } from "../src/kernel/version.ts";
import { prototype } from "../src/machine/calls/prototype.ts";
import { TASK } from "../src/machine/layout/contexts.ts";
import { context } from "../src/machine/context/interrupt.ts";
import { container_of } from "../src/machine/memory/struct.ts";
import { asTask, isThisTask } from "../src/machine/context/task.ts";
import { addTally, takeTally, tally } from "../src/machine/context/handles.ts";
import { finish } from "./objcg_finish.ts";
import { pinned, shortage, suspicious, watchVariables } from "./objcg_ledger.ts";
import { observeItems } from "./objcg_lru_states.ts";
import { observe } from "./objcg_states.ts";
import { bulkOps } from "./objcg_bulk.ts";
import { lruOps } from "./objcg_lru.ts";
import { hierarchyOps } from "./objcg_hierarchy.ts";
import { memswOps } from "./objcg_memsw.ts";
import { nolockOps } from "./objcg_nolock.ts";
import { kernelThreadOps, taskOps } from "./objcg_tasks.ts";

/**
 * Sizes at which something changes. kmalloc() charges 8 bytes more, for the objcg pointer. Small ones come
 * more often: only they find a stock that has enough, as most objects of a kernel do.
 */
const SMALL = [8, 8, 8, 64, 64, 92, 92, 2048, 2048];
const SIZES = [0, 1, ...SMALL, 4087, 4088, 4095, 4096, 4097, 6144, 8184, 8192, 65536];
/** Where counters of 16 bits end. */
if (mayHave("objcg_slots")) SIZES.push(32767, 32768, 65535);
const size = int("size", 0, 65536, SIZES);
const order = int("order", 0, 3, [0, 1, 3]);
const memcg = ref("memcg");
/** A cgroup that an operation made. On the root, these operations do nothing. */
const child = ref("memcg", "memcg", { made: true });
/** A cgroup whose css is held. For the root that does nothing, and it may be charged all the same. */
const held = ref("memcg", "memcg", { made: "mostly" });
const objcg = ref("objcg");
const EVERYWHERE = ["task", "softirq", "hardirq"] as const;

/** The GFP flags of an operation. */
const gfp = flags("gfp", {
  GFP_KERNEL,
  GFP_ATOMIC,
  GFP_NOWAIT,
  __GFP_NOFAIL,
  __GFP_HIGH,
  __GFP_NORETRY,
}, [
  "GFP_NOWAIT",
  "GFP_ATOMIC",
  "GFP_NOWAIT|__GFP_HIGH",
  "GFP_KERNEL|__GFP_NOFAIL",
  "GFP_KERNEL|__GFP_NORETRY",
]);

/**
 * The GFP flags for this context: those of the operation, or the usual ones if it has none. -1 if the
 * context does not allow them: only a task may sleep, and may ask for an allocation that cannot fail.
 */
function gfpFor(bits: number): number {
  if (context() === TASK) return bits === 0 ? GFP_KERNEL : bits;
  if (bits === 0) return GFP_ATOMIC;
  return (bits & (__GFP_DIRECT_RECLAIM | __GFP_NOFAIL)) === 0 ? bits : -1;
}

/** Since fdbcb2a6d677 (v5.14). */
const kmem_cache_alloc_node = prototype<
  (size: number, gfp: gfp_t, node: number, reclaimable: number) => kmem_object | null
>("kmem_cache_alloc_node", 4);

/**
 * Allocations of mkdir: since 2b0d3d3e4fcf (v5.10) each of its two percpu_refs makes two; since
 * 01b9da291c49 (v7.1) it makes another objcg. With page_counter_stock there is one for each counter.
 */
const COUNTER_ALLOCS = mayHave("page_counter_stock") ? (mayHave("memsw") ? 2 : 1) : 0;
const MKDIR_ALLOCS = COUNTER_ALLOCS +
  (mayHave("01b9da291c49") ? 12 : mayHave("2b0d3d3e4fcf") ? 10 : 8);

const address = (p: { a: number } | null) => (p === null ? 0 : p.a);

/*
 * Weights: operations that move references and stocks are frequent, the others are rare. Before the
 * schedule, most operations create objects for the later ones.
 */

/** Run `f` between kernfs_get_active() and kernfs_put_active(): a file operation. */
function file_operation(m: mem_cgroup, f: () => number | void): number {
  if (!kernfs_get_active(m.css)) return SKIPPED;
  const ret = f() ?? 0;
  kernfs_put_active(m.css);
  return ret;
}

/**
 * The benchmark: every CPU charges and uncharges through the objcg of one cgroup, with hits and
 * misses of its stock.
 */
function benchmark(cpus: number): string {
  const each = (f: (c: number) => string) => Array.from({ length: cpus }, (_, c) => f(c)).join("");
  return "objcg-fuzz 1\ntitle: bench\n" + `cpus: ${cpus}\n\n` +
    "boot  a = mkdir(root)\n" +
    each((c) => `boot  o${c} = obj_cgroup_get_remote(a)\n`) +
    each((c) =>
      `cpu${c}  obj_cgroup_charge(o${c}, 64)\n` +
      `cpu${c}  obj_cgroup_uncharge(o${c}, 64)\n` +
      `cpu${c}  obj_cgroup_charge(o${c}, 4088)\n` +
      `cpu${c}  obj_cgroup_uncharge(o${c}, 4088)\n`
    );
}

/** Operations that only kernels with a patch have; they come last, so that the others keep their places. */
function since(
  patch: string,
  ops: Record<string, OpDefinition>,
): Record<string, OpDefinition> {
  return mayHave(patch) ? ops : {};
}

export const objcgTarget: Target = {
  name: "objcg",
  doc: "The obj_cgroup API against offlining, hotplug, interrupts and allocation failures.",
  predefined: { root: { type: "memcg", address: () => root_mem_cgroup().a } },
  boot: mem_cgroup_init,
  attach() {
    find_root_mem_cgroup();
    watchVariables();
  },
  observe() {
    observe();
    observeItems();
  },
  suspicious,
  shortage,
  finish,
  benchmark,
  ops: {
    mkdir: {
      doc: "Create a child of a cgroup.",
      weight: 2,
      bootWeight: 3,
      args: [ref("parent", "memcg")],
      result: "memcg",
      allocs: MKDIR_ALLOCS,
      run(parent: mem_cgroup): number {
        const css = cgroup_mkdir(parent.css);
        return IS_ERR(css) ? css : container_of(css, mem_cgroup).a;
      },
    },
    rmdir: {
      doc: "Remove a cgroup: kill it now; work items offline and free it later.",
      weight: 4,
      bootWeight: 1,
      args: [child],
      run: (m: mem_cgroup) => m === root_mem_cgroup() ? SKIPPED : cgroup_rmdir(m.css),
    },
    ...taskOps,
    obj_cgroup_get_current: {
      doc: "Look up the objcg of the CPU's task and keep a reference to it.",
      weight: 0.5,
      bootWeight: 0.3,
      args: [cpu("task")],
      result: "objcg",
      run: (c: number) => asTask(c, () => address(get_obj_cgroup_from_current())),
    },
    obj_cgroup_get_remote: {
      doc: "Look up the objcg of a cgroup (through active_memcg) and keep a reference to it.",
      weight: 2.5,
      bootWeight: 3,
      args: [child],
      result: "objcg",
      run(m: mem_cgroup): number {
        if (!kernfs_get_active(m.css)) return SKIPPED;
        const held = css_tryget_online(m.css);
        kernfs_put_active(m.css);
        if (!held) return 0;
        const old = set_active_memcg(m);
        const o = get_obj_cgroup_from_current();
        reset_active_memcg(old);
        css_put(m.css);
        return address(o);
      },
    },
    obj_cgroup_put: {
      doc: "Uncharge the bytes that were charged through this reference, and drop it.",
      weight: 2.5,
      bootWeight: 1.5,
      args: [objcg],
      consumes: ["objcg"],
      contexts: EVERYWHERE,
      run(o: obj_cgroup): void {
        const left = takeTally(o.index, tally(o.index));
        if (left > 0) pinned(o, () => obj_cgroup_uncharge(o, left));
        obj_cgroup_put(o);
      },
    },
    obj_cgroup_charge: {
      doc: "Charge bytes to an objcg; nobody charges 0.",
      weight: 5,
      bootWeight: 2.5,
      args: [objcg, size, gfp],
      contexts: EVERYWHERE,
      run(o: obj_cgroup, n: number, bits: number): number {
        const mask = gfpFor(bits);
        // A charge of no pages above the limit would try again for ever.
        if (mask < 0 || n === 0) return SKIPPED;
        const ret = obj_cgroup_charge(o, mask, n);
        if (ret === 0) addTally(o.index, n);
        return ret;
      },
    },
    obj_cgroup_uncharge: {
      doc: "Uncharge bytes, at most as many as were charged through references to this objcg.",
      weight: 2,
      bootWeight: 0.3,
      args: [objcg, size],
      contexts: EVERYWHERE,
      run(o: obj_cgroup, n: number): number {
        const some = takeTally(o.index, n);
        if (some === 0) return SKIPPED;
        obj_cgroup_uncharge(o, some);
        return 0;
      },
    },
    kmalloc: {
      doc: "Allocate an accounted object.",
      weight: 3,
      bootWeight: 1.5,
      args: [size, gfp],
      result: "object",
      contexts: EVERYWHERE,
      allocs: 2,
      run(n: number, bits: number): number {
        const mask = gfpFor(bits);
        return mask < 0 ? SKIPPED : address(kmem_cache_alloc(n, mask));
      },
    },
    kfree: {
      doc: "Free an object.",
      weight: 2.5,
      bootWeight: 0.5,
      args: [ref("object")],
      consumes: ["object"],
      contexts: EVERYWHERE,
      run: (x: kmem_object) => kmem_cache_free(x),
    },
    kfree_rcu: {
      doc: "Free an object in an RCU callback.",
      weight: 0.7,
      bootWeight: 0.2,
      args: [ref("object")],
      consumes: ["object"],
      contexts: EVERYWHERE,
      run: (x: kmem_object) => kmem_cache_free_rcu(x),
    },
    alloc_pages: {
      doc: "Allocate 2^order accounted kernel pages.",
      weight: 0.7,
      bootWeight: 0.3,
      args: [order, gfp],
      result: "page",
      allocs: 1,
      run: (n: number, bits: number) => address(alloc_kmem_pages(n, gfpFor(bits))),
    },
    free_pages: {
      doc: "Free kernel pages.",
      weight: 0.7,
      bootWeight: 0.1,
      args: [ref("page")],
      consumes: ["page"],
      contexts: EVERYWHERE,
      run: (p: page) => free_kmem_pages(p),
    },
    set_max: {
      doc: "Write memory.max of a cgroup, in pages.",
      weight: 0.7,
      bootWeight: 0.7,
      args: [child, int("pages", 0, 4096, [0, 1, 2, 16, 31, 32, 33, 64])],
      run: (m: mem_cgroup, n: number) =>
        m === root_mem_cgroup() ? SKIPPED : file_operation(m, () => mem_cgroup_resize_max(m, n)),
    },
    drain_all_stock: {
      doc: "Drain all stocks that hold charges of a subtree, as reclaim does.",
      weight: 4,
      bootWeight: 0.2,
      args: [memcg],
      run: (m: mem_cgroup) => file_operation(m, () => drain_all_stock(m)),
    },
    css_hold: {
      doc: "Take a css reference, as code that charges remotely does.",
      weight: 0.7,
      bootWeight: 0.7,
      args: [held],
      result: "css",
      run(m: mem_cgroup): number {
        let got = false;
        file_operation(m, () => void (got = css_tryget_online(m.css)));
        return got ? m.a : 0;
      },
    },
    css_drop: {
      doc: "Drop a css reference.",
      weight: 0.7,
      bootWeight: 0.2,
      args: [ref("css")],
      consumes: ["css"],
      contexts: EVERYWHERE,
      run: (m: mem_cgroup) => css_put(m.css),
    },
    swap_out: {
      doc: "Swap a page of a cgroup out that is held: the record holds its id, or an ancestor's.",
      weight: 0.2,
      bootWeight: 0.1,
      args: [ref("css")],
      result: "swap",
      allocs: 1,
      run(m: mem_cgroup): number {
        const entry = kzalloc(swap_cgroup, GFP_NOWAIT); // get_swap_page()
        if (entry) mem_cgroup_try_charge_swap(m, entry);
        return address(entry);
      },
    },
    swap_free: {
      doc: "Free such a record.",
      weight: 0.2,
      bootWeight: 0.05,
      args: [ref("swap")],
      consumes: ["swap"],
      run(entry: swap_cgroup): void {
        mem_cgroup_uncharge_swap(entry);
        kfree(entry);
      },
    },
    kmalloc_remote: {
      doc: "Allocate an object on behalf of a cgroup whose css is held (through active_memcg).",
      weight: 1,
      bootWeight: 0.7,
      args: [ref("css"), size, gfp],
      result: "object",
      contexts: mayHave("37d5985c003d") ? EVERYWHERE : undefined,
      allocs: 2,
      run(m: mem_cgroup, n: number, bits: number): number {
        const mask = gfpFor(bits);
        if (mask < 0) return SKIPPED;
        const old = set_active_memcg(m);
        const object = kmem_cache_alloc(n, mask);
        reset_active_memcg(old);
        return address(object);
      },
    },
    synchronize_rcu: {
      doc: "Wait for a grace period.",
      weight: 0.3,
      bootWeight: 0.1,
      run: () => synchronize_rcu(),
    },
    cpu_down: {
      doc: "Take another CPU down.",
      weight: 0.8,
      args: [cpu("cpu", { other: true })],
      where: "run",
      run: (c: number) => isThisTask(c) ? SKIPPED : cpu_down(c),
    },
    cpu_up: {
      doc: "Bring a CPU up.",
      weight: 0.3,
      args: [cpu("cpu")],
      where: "run",
      run: (c: number) => cpu_up(c),
    },
    ...since("37d5985c003d", {
      alloc_pages_remote: {
        doc: "Allocate an accounted kernel page on behalf of a cgroup that is held (active_memcg).",
        weight: 0.5,
        bootWeight: 0.2,
        args: [ref("css"), order, gfp],
        result: "page",
        contexts: EVERYWHERE,
        allocs: 1,
        run(m: mem_cgroup, n: number, bits: number): number {
          const mask = gfpFor(bits);
          if (mask < 0) return SKIPPED;
          const old = set_active_memcg(m);
          const p = alloc_kmem_pages(n, mask);
          reset_active_memcg(old);
          return address(p);
        },
      },
    }),
    ...since("fdbcb2a6d677", {
      kmalloc_node: {
        doc: "Allocate an accounted object on that node, from a cache that is reclaimable or not.",
        weight: 1.5,
        bootWeight: 0.5,
        args: [size, int("node", 0, 1), int("reclaimable", 0, 1)],
        result: "object",
        contexts: EVERYWHERE,
        allocs: 2,
        run: (n: number, node: number, reclaimable: number) =>
          address(kmem_cache_alloc_node(n, gfpFor(0), node, reclaimable)),
      },
    }),
    ...since("6a792697a53a", {
      isolate_cpu: {
        doc: "Boot with this CPU isolated (isolcpus=, nohz_full=): nobody gives it work.",
        bootWeight: 0.1,
        args: [cpu("cpu")],
        where: "boot",
        run: (c: number) => isolate_cpu(c),
      },
    }),
    ...nolockOps,
    ...since("1aacbd354313", kernelThreadOps),
    ...hierarchyOps,
    ...bulkOps,
    ...memswOps,
    ...lruOps,
  },
};
export default objcgTarget;
