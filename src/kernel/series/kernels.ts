/**
 * The kernels: a base, the patch as posted in January 2020, and for every later version the patches
 * that lead to it from the one before, in the order of their commits. A name is that of a file in
 * patches/, which begins with the commit.
 *
 * This file imports nothing: what a kernel is must be known before its memory is laid out.
 *
 * @module
 */

/** A version, and what it adds to the one before. */
export interface Version {
  readonly name: string;
  readonly doc: string;
  readonly adds: readonly string[];
}

/** All versions, oldest first. */
export const VERSIONS: readonly Version[] = [
  {
    name: "posted",
    doc: "the patch of 27 January 2020 on the tree of that time",
    adds: [],
  },
  {
    name: "v5.9",
    doc: "as merged",
    adds: [
      "7996a8b5511a-freeze-and-unfreeze",
      "11d6761218d1-error-of-css-alloc",
      "bf4f059954dc-obj-cgroup-api",
      "964d4bd370d5-save-obj-cgroup",
    ],
  },
  {
    name: "v5.10",
    doc: "accounting in interrupts, percpu_ref in two parts",
    adds: [
      "10befea91b61-single-set-of-kmem-caches",
      "2b0d3d3e4fcf-percpu-ref-data",
      "279c3393e2c1-memcg-kmem-bypass",
      "37d5985c003d-remote-charging-in-interrupts",
      "4127c6504f25-accounting-in-interrupts",
      "becaba65f62f-obj-cgroup-charge-return-value",
      "8de15e920dc8-counters-below-the-root",
    ],
  },
  {
    name: "v5.11",
    doc: "charging holds the memcg; uncharged pages go to the page stock",
    adds: [
      "eefbfa7fd678-use-after-free-in-charge",
      "2f7659a31473-objcg-of-a-child",
      "3de7d4f25a74-optimize-objcg-stock-draining",
      "bef8620cd8e0-no-mode-without-hierarchy",
    ],
  },
  {
    name: "v5.13",
    doc: "kernel pages are charged through objcgs",
    adds: [
      "1685bde6b9af-get-active-memcg-return-value",
      "9f38f03ae8d5-reference-to-a-freeing-memcg",
      "e74d225910ec-obj-cgroup-charge-pages",
      "b4e0b68fbd9d-kmem-pages-through-objcg",
      "f1286fae5406-inline-memcg-kmem-charge",
      "9317d0fffeb4-page-counter-underflow",
    ],
  },
  {
    name: "v5.14",
    doc: "slab statistics in the stock, a stock for tasks, objcgs without css references",
    adds: [
      "fdbcb2a6d677-mod-objcg-state",
      "68ac5b3c8db2-cache-vmstat-in-stock",
      "5387c90490f7-improve-refill-obj-stock",
      "559271146efc-object-stock-of-tasks",
      "c5c8b16b596e-root-mem-cgroup-charging",
      "9838354e16a2-objcg-pinning-memcg",
      "271dd6b1f636-uncharge-outside-css-set-lock",
      "7fa0dacbaf12-flushing-of-lruvec-data",
    ],
  },
  {
    name: "v5.17",
    doc: "objcg_lock",
    adds: [
      "a4ebf1b6ca1e-limit-of-dying-tasks",
      "27fb0956ed08-when-flush-is-already-true",
      "38d4ef44ee4a-remove-memcg-free-kmem",
      "642688681133-remove-kmemcg-id-reparenting",
      "e80216d9f1f5-remove-the-kmem-states",
      "0764db9b49c9-objcg-lock",
    ],
  },
  {
    name: "v5.18",
    doc: "one stock with a local_lock, kmem online with the css",
    adds: [
      "1461e8c2b6af-force-charging-conditions",
      "fead2b869764-revert-object-stock-of-tasks",
      "af9a3b69e84b-opencode-uncharge-pages",
      "567511462387-local-lock",
      "0790ed623847-migrate-disable",
      "da0efe309444-online-kmem-in-css-online",
      "f9c69d6346bc-memory-cgroup-id-for-kmem",
    ],
  },
  {
    name: "v6.1",
    doc: "larger batches; Debian 12 has this with 3b8abb323953",
    adds: [
      "a91714312eb1-clean-percpu-count-on-failure",
      "f4840ccfca25-zswap-memcg-accounting",
      "1813e51eece0-charge-batch",
      "32d772708009-limit-that-is-not-lowered",
    ],
  },
  {
    name: "v6.5",
    doc: "stocks of other CPUs are read with READ_ONCE(); isolated CPUs are left alone",
    adds: [
      "6a792697a53a-remote-isolated-cpus",
      "3b8abb323953-null-pointer-in-flush-required",
      "f785a8f21a9c-access-stock-cached",
    ],
  },
  {
    name: "v6.7",
    doc: "tasks keep their objcg; charging takes no reference",
    adds: [
      "6f0df8e16eb5-memcg-acquired-by-id",
      "7d0715d0d6b2-optimize-get-obj-cgroup",
      "1aacbd354313-direct-objcg-pointer",
      "675d6c9b59e3-reference-to-the-original-objcg",
      "e86828e5446d-scoped-objcg-protection",
      "e56808fef8f7-reimplement-get-obj-cgroup",
      "5f79489a73d7-initialize-objcg",
    ],
  },
  {
    name: "v6.12",
    doc: "objects are charged once they are allocated",
    adds: [
      "9f9796b413d3-charge-in-post-alloc-hook",
      "1872b3bcd587-access-stock-nr-pages",
      "6fe960147e08-no-list-for-a-lone-task",
      "9972605a2383-mem-cgroup-idr",
    ],
  },
  {
    name: "v6.14",
    doc: "object stocks of dead CPUs are drained",
    adds: ["9f01b4954490-drain-obj-stock-of-a-dead-cpu"],
  },
  {
    name: "v6.15",
    doc: "charges that wait for no lock; the root is not uncharged",
    adds: [
      "01d37228d331-trylock-of-the-stock",
      "20d6c1725228-refill-stock-for-root",
    ],
  },
  {
    name: "v6.16",
    doc: "page and object stocks apart, with interrupts on; seven cgroups in a page stock",
    adds: [
      "e56fa8f5e108-root-check-of-refill-stock",
      "65d2d15f41c6-decouple-drain-obj-stock",
      "89f342af6603-memcg-uncharge",
      "b6d0471117da-no-refilling-from-release",
      "ae51c775aa2b-put-inside-drain-obj-stock",
      "bc730030f956-combine-charging-and-accounting",
      "f735eebe55f8-multi-memcg-charge-cache",
      "2fba5961c64c-simplify-consume-stock",
      "3523dd7af413-lock-of-the-object-stock",
      "c80509ef65e4-decouple-memcg-and-obj-stocks",
      "9e619cd4fefd-no-irq-disable-for-memcg-stock",
      "0ccf1806d44f-no-lock-for-a-dead-cpu",
      "200577f69f29-objcg-stock-trylock",
    ],
  },
  {
    name: "v6.18",
    doc: "objects from any context, NMIs too",
    adds: [
      "79f919a89c9d-three-queues-of-cgroup-destruction",
      "af92793e52c3-kmalloc-nolock",
    ],
  },
  {
    name: "v7.0",
    doc:
      "statistics of objects that find the stock locked; tasks count until they are switched away from",
    adds: [
      "260fbcb92bbe-off-the-list-when-freed",
      "d245698d727a-unlink-after-the-last-switch",
      "9311e6c29b34-unlink-from-irq-work",
      "2d05068610a3-isolated-cpuset-change",
      "dccd5ee2625d-bytes-of-a-contended-stock",
      "1b164b876c36-wait-for-dying-tasks",
    ],
  },
  {
    name: "v7.1",
    doc: "charges and statistics apart; an objcg for each node, of the root too; " +
      "a css is killed once no task is left",
    adds: [
      "52af721b9421-split-charges-and-statistics",
      "aa01ec1325e2-objcg-of-every-memcg",
      "d5aa8c1d136e-objcg-of-the-root",
      "8285917d6f38-offline-after-a-grace-period",
      "01b9da291c49-objcg-of-each-node",
      "f1cf8d2f36dc-swap-charge-through-objcg",
      "c0cafe24d3f6-round-robin-victim",
      "93618edf7538-kill-once-depopulated",
    ],
  },
];

/** The files of all patches of versions, in the order of the series. */
export const SERIES: readonly string[] = VERSIONS.flatMap((v) => v.adds);

/**
 * The files of drafts: patches as they were posted at first, with a bug that review caught. No version
 * has one; `v6.7+b11b` puts one in, after all others.
 */
export const DRAFTS: readonly string[] = [
  "b11a_update_bit_of_current",
  "b11b_objcg_of_a_failed_cmpxchg",
  "b11c_kernel_threads_charge",
  "b20a_objcg_put_twice",
  "b21a_objcg_of_a_failed_css",
  "b22a_stock_of_a_memcg",
  "b22c_residue_of_a_sibling",
  "b22d_residue_for_nobody",
  "b23a_cgroup_cached_twice",
  "b23b_pages_of_a_new_slot",
  "b24a_parked_bytes_of_16_bits",
  "b24b_bytes_of_a_full_slot",
  "b24c_statistics_of_16_bits",
  "b24d_statistics_of_another_slot",
  "b25b_drain_without_lock",
];

/**
 * The files of patches that are to come: accepted for a version that is no kernel here, because not enough
 * of it is known, or the last version of a series that is in review. `v7.1+objcg_slots` puts one in. Drafts of
 * one come after it.
 */
export const COMING: readonly string[] = ["objcg_slots", "page_counter_stock"];

/**
 * The files of patches that put in what the model leaves out, because most campaigns do not need it, and of
 * commits that need them: `v5.10+memcg_vmstats` is v5.10 with the statistics of its cgroups.
 */
export const DETAILS: readonly string[] = [
  "memcg_vmstats",
  "a3d4c05a4474-flush-of-the-dead-cpu",
  "memcg_state_local",
  "free_bulk",
  "d1b2cf6cb84a-uncharge-when-freed-in-bulk",
  "3ddd60268c24-no-second-look-at-the-head",
  "b77d5b1b83e3-uncharge-slab-by-slab",
  "memsw",
  "list_lru",
  "88f2ef73fd66-kmem-cache-alloc-lru",
  "0a97c01cd20b-memcg-and-node-of-a-list",
  "5161b48712dc-use-after-free-of-a-list-lru-memcg",
];

/**
 * What a version has of the commits that need a detail: they come with the detail. `v5.10+free_bulk` has
 * d1b2cf6cb84a, and `v5.9+free_bulk` has not.
 */
export const COMES_WITH: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  free_bulk: {
    "d1b2cf6cb84a-uncharge-when-freed-in-bulk": "v5.10",
    "3ddd60268c24-no-second-look-at-the-head": "v5.17",
    "b77d5b1b83e3-uncharge-slab-by-slab": "v6.1",
  },
  list_lru: {
    "88f2ef73fd66-kmem-cache-alloc-lru": "v5.18",
    "0a97c01cd20b-memcg-and-node-of-a-list": "v6.12",
    "5161b48712dc-use-after-free-of-a-list-lru-memcg": "v6.12",
  },
};

/** All files that the name of a kernel may name, in the order in which they are put in. */
export const PATCHES: readonly string[] = [...SERIES, ...DETAILS, ...COMING, ...DRAFTS];

/** The name of the patch in a file: its commit, or the bug of a draft. */
export function patchName(file: string): string {
  return /^[0-9a-f]{12}(?=-)|^[a-z]\d\d[a-z](?=_)/.exec(file)?.[0] ?? file;
}
