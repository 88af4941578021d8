/**
 * The bugs that campaigns are sent to find from nothing: real ones and drafts that `corpus/README.md`
 * lists, each on a kernel that has it. Order: that of the ids.
 *
 * @module
 */

/** A bug on a kernel. */
export interface Row {
  /** Its id, in lower case as `--fixed` has it. */
  readonly bug: string;
  readonly kernel: string;
  /** The seed that shows it, in corpus/objcg: a file name without `.txt`. */
  readonly seed: string;
  /** Seeds that show the same bug by other titles. */
  readonly alike?: readonly string[];
  /** The preemption model; full if it is not named. */
  readonly preempt?: "none" | "rt";
  /** Flags that the bug cannot do without. */
  readonly flags?: readonly string[];
}

export const ROWS: readonly Row[] = [
  { bug: "s01", kernel: "posted", seed: "s01-online-kmem-uninit" },
  { bug: "s02", kernel: "posted", seed: "s02-css-get-dead-memcg" },
  { bug: "s02", kernel: "v5.10", seed: "s02-css-get-dead-memcg" },
  { bug: "s03", kernel: "posted", seed: "s03-flush-required-null-displaced" },
  { bug: "s03", kernel: "v6.1", seed: "s03-flush-required-null-displaced" },
  { bug: "s04", kernel: "v5.9", seed: "s04-put-before-clear-rt", preempt: "rt" },
  { bug: "s09", kernel: "posted", seed: "s09-css-set-lock-siglock" },
  { bug: "s09", kernel: "v5.14", seed: "s09-css-set-lock-siglock" },
  { bug: "s10", kernel: "posted", seed: "s10-cpu-dead-keeps-obj-stock" },
  { bug: "s10", kernel: "v6.12", seed: "s10-cpu-dead-keeps-obj-stock" },
  { bug: "b01", kernel: "v5.11", seed: "b01-uncharge-resurrects-a-memcg" },
  { bug: "b03", kernel: "v5.9+10befea91b61", seed: "b03-unaccounted-over-the-limit" },
  { bug: "b04", kernel: "v5.13", seed: "b04-root-underflow-after-reparent" },
  { bug: "b05", kernel: "v5.9", seed: "b05-root-without-hierarchy" },
  {
    bug: "b06",
    kernel: "v5.14-7fa0dacbaf12",
    seed: "b06-statistics-of-the-wrong-node",
  },
  { bug: "b07", kernel: "v5.11", seed: "b07-recursive-local-lock", preempt: "rt" },
  { bug: "b10", kernel: "v5.10+memcg_vmstats", seed: "b10-statistics-of-another-cpu" },
  { bug: "b11", kernel: "v6.7-5f79489a73d7", seed: "b11-active-root-uninit" },
  { bug: "b11", kernel: "v6.7+b11a", seed: "b11-update-bit-of-current" },
  { bug: "b11", kernel: "v6.7+b11b", seed: "b11-objcg-of-a-failed-cmpxchg" },
  { bug: "b11", kernel: "v6.7+b11c", seed: "b11-kernel-thread-charges" },
  { bug: "b12", kernel: "v6.12+list_lru-5161b48712dc", seed: "b12-lookup-outside-rcu" },
  {
    bug: "b12",
    kernel: "v6.12+list_lru-5161b48712dc",
    seed: "b12-list-of-a-freed-memcg",
    alike: ["b12-off-a-list-of-a-freed-memcg"],
    flags: ["--no-sanitizer", "ownership"],
  },
  { bug: "b13", kernel: "v5.9+free_bulk", seed: "b13-bulk-free-uncharges-one" },
  { bug: "b15", kernel: "v6.14", seed: "b15-flushing-bit-stuck-after-hotplug" },
  { bug: "b16", kernel: "v7.1", seed: "b16-load-outside-rcu" },
  { bug: "b17", kernel: "v6.16", seed: "b17-bytes-of-a-contended-stock" },
  {
    bug: "b18",
    kernel: "v7.1",
    seed: "b18-parked-bytes-pile-up",
    flags: ["--cpus", "1"],
  },
  { bug: "b19", kernel: "v6.15", seed: "b19-release-of-a-page-in-an-nmi" },
  { bug: "b19", kernel: "v6.18", seed: "b19-release-in-an-nmi" },
  { bug: "b20", kernel: "v7.1+b20a", seed: "b20-objcg-put-twice", flags: ["--every-step"] },
  { bug: "b21", kernel: "v7.1+b21a", seed: "b21-no-memory-for-the-second-objcg" },
  {
    bug: "b22",
    kernel: "v7.1+b22a",
    seed: "b22-bytes-of-a-child",
    flags: ["--no-sanitizer", "ownership"],
  },
  { bug: "b22", kernel: "v7.1+b22c", seed: "b22-residue-for-nobody" },
  { bug: "b22", kernel: "v7.1+b22d", seed: "b22-residue-for-nobody" },
  { bug: "b23", kernel: "v6.16+b23a", seed: "b23-cgroup-cached-twice" },
  { bug: "b23", kernel: "v6.16+b23b", seed: "b23-pages-of-a-new-slot" },
  { bug: "b24", kernel: "v7.1+objcg_slots+b24a", seed: "b24-parked-bytes-of-16-bits" },
  { bug: "b24", kernel: "v7.1+objcg_slots+b24b", seed: "b24-bytes-of-a-full-slot" },
  { bug: "b24", kernel: "v7.1+objcg_slots+b24c", seed: "b24-statistics-of-16-bits" },
  { bug: "b24", kernel: "v7.1+objcg_slots+b24d", seed: "b24-statistics-of-another-slot" },
  {
    bug: "b25",
    kernel: "v7.1+page_counter_stock+b25b",
    seed: "b25-drained-without-a-lock",
    alike: ["../regressions/page-counter-leaked-a-charge-put-in-while-drained"],
  },
  { bug: "b27", kernel: "v5.9+memcg_vmstats", seed: "b27-local-statistics" },
  { bug: "b27", kernel: "v6.7+memcg_state_local", seed: "b27-local-statistics" },
  { bug: "b28", kernel: "v7.1", seed: "b28-charge-of-the-root" },
  {
    bug: "b36",
    kernel: "v5.9",
    seed: "b36-memcg-id-lost",
    alike: ["b36-memcg-id-twice", "b36-memcg-id-without-owner", "b36-memcg-idr-without-lock"],
  },
];
