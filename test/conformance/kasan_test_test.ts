import { file, makeMachine, OBJCG } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { type Applicable, conformance, type Inapplicable } from "./table.ts";

const TARGET = file("test/conformance/kasan_test_target.ts");
const m = await makeMachine({ cpus: 1, target: TARGET, without: ["kmemleak"] });
const { CASES } = await import("./kasan_test_cases.ts");
const { observeCase } = await import("./expectations.ts");

/** The kind of report in a title: slab-out-of-bounds for `KASAN: slab-out-of-bounds Write in f`. */
const bug = (title: string) => /^KASAN: (\S+)/.exec(title)?.[1];
const observe = (name: string) => observeCase(m, name, CASES[name].length, bug);

/** Accounted objects need a booted cgroup, so this case runs on a target that has one. */
async function accounted(): Promise<string> {
  const pairs = Array.from({ length: 5 }, (_, i) => `cpu0 x${i} = kmalloc(200)\ncpu0 kfree(x${i})`);
  const body = `boot a = mkdir(root)\nboot attach(cpu0, a)\n${pairs.join("\n")}`;
  let title: string | null = null;
  await withMachine({ cpus: 1, kernel: "v5.9", target: OBJCG }, async (o) => {
    title = (await o.run(body)).title;
  });
  return title ?? "silent";
}
const kmem_cache_accounted = await accounted();

function runs(name: string, expected: string): Applicable {
  return { name, expected, observe: () => observe(name) };
}

const no = (reason: string) => (name: string): Inapplicable => ({ name, reason });
const large = no(
  "kmalloc() above the largest size class is the page allocator's, which is no slab",
);
const pages = no("about memory of the page allocator; pages of the model have no contents");
const translated = no("slab memory of the model has no struct page and no physical address");
const stack = no("local variables are JavaScript's: nothing can run over their ends");
const tags = no("for the tag-based modes; skipped by the suite itself with generic KASAN");
const vmalloc = no("there is no vmalloc() in the model");

conformance({
  detector: "KASAN",
  suite: "mm/kasan/kasan_test_c.c",
  cases: [
    runs("kmalloc_oob_right", "3 reports: slab-out-of-bounds"),
    runs("kmalloc_oob_left", "1 report: slab-out-of-bounds"),
    runs("kmalloc_node_oob_right", "1 report: slab-out-of-bounds"),
    runs("kmalloc_big_oob_right", "1 report: slab-out-of-bounds"),
    large("kmalloc_large_oob_right"),
    large("kmalloc_large_uaf"),
    large("kmalloc_large_invalid_free"),
    pages("page_alloc_oob_right"),
    pages("page_alloc_uaf"),
    runs("krealloc_more_oob", "2 reports: slab-out-of-bounds"),
    runs("krealloc_less_oob", "5 reports: slab-out-of-bounds"),
    large("krealloc_large_more_oob"),
    large("krealloc_large_less_oob"),
    runs("krealloc_uaf", "2 reports: slab-use-after-free"),
    runs("kmalloc_oob_16", "1 report: slab-out-of-bounds"),
    runs("kmalloc_uaf_16", "1 report: slab-use-after-free"),
    runs("kmalloc_oob_in_memset", "1 report: slab-out-of-bounds"),
    runs("kmalloc_oob_memset_2", "1 report: slab-out-of-bounds"),
    runs("kmalloc_oob_memset_4", "1 report: slab-out-of-bounds"),
    runs("kmalloc_oob_memset_8", "1 report: slab-out-of-bounds"),
    runs("kmalloc_oob_memset_16", "1 report: slab-out-of-bounds"),
    runs("kmalloc_memmove_negative_size", "1 report: out-of-bounds"),
    runs("kmalloc_memmove_invalid_size", "1 report: slab-out-of-bounds"),
    runs("kmalloc_uaf", "1 report: slab-use-after-free"),
    runs("kmalloc_uaf_memset", "1 report: slab-use-after-free"),
    runs("kmalloc_uaf2", "1 report: slab-use-after-free"),
    tags("kmalloc_uaf3"),
    runs("kmalloc_double_kzfree", "1 report: slab-use-after-free"),
    runs("ksize_unpoisons_memory", "3 reports: slab-out-of-bounds"),
    runs("ksize_uaf", "3 reports: slab-use-after-free"),
    runs("rcu_uaf", "1 report: slab-use-after-free"),
    runs("workqueue_uaf", "1 report: slab-use-after-free"),
    translated("kfree_via_page"),
    translated("kfree_via_phys"),
    runs("kmem_cache_oob", "1 report: slab-out-of-bounds"),
    runs("kmem_cache_double_free", "1 report: double-free"),
    runs("kmem_cache_invalid_free", "1 report: invalid-free"),
    runs("kmem_cache_rcu_uaf", "1 report: slab-use-after-free"),
    runs("kmem_cache_double_destroy", "1 report: slab-use-after-free"),
    { name: "kmem_cache_accounted", expected: "silent", observe: () => kmem_cache_accounted },
    runs("kmem_cache_bulk", "silent"),
    runs("mempool_kmalloc_oob_right", "1 report: slab-out-of-bounds"),
    large("mempool_kmalloc_large_oob_right"),
    runs("mempool_slab_oob_right", "1 report: slab-out-of-bounds"),
    runs("mempool_kmalloc_uaf", "1 report: slab-use-after-free"),
    large("mempool_kmalloc_large_uaf"),
    runs("mempool_slab_uaf", "1 report: slab-use-after-free"),
    pages("mempool_page_alloc_uaf"),
    runs("mempool_kmalloc_double_free", "1 report: double-free"),
    large("mempool_kmalloc_large_double_free"),
    pages("mempool_page_alloc_double_free"),
    runs("mempool_kmalloc_invalid_free", "1 report: invalid-free"),
    large("mempool_kmalloc_large_invalid_free"),
    runs("kasan_global_oob_right", "1 report: global-out-of-bounds"),
    runs("kasan_global_oob_left", "1 report: global-out-of-bounds"),
    stack("kasan_stack_oob"),
    stack("kasan_alloca_oob_left"),
    stack("kasan_alloca_oob_right"),
    runs("kasan_memchr", "1 report: slab-out-of-bounds"),
    runs("kasan_memcmp", "1 report: slab-out-of-bounds"),
    runs("kasan_strings", "6 reports: slab-use-after-free"),
    runs("kasan_bitops_generic", "4 reports: slab-out-of-bounds"),
    tags("kasan_bitops_tags"),
    runs("kasan_atomics", "15 reports: slab-out-of-bounds"),
    tags("vmalloc_helpers_tags"),
    vmalloc("vmalloc_oob"),
    tags("vmap_tags"),
    tags("vm_map_ram_tags"),
    tags("match_all_not_assigned"),
    tags("match_all_ptr_tag"),
    tags("match_all_mem_tag"),
    no("there is no Rust in the model")("rust_uaf"),
  ],
});
