import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";
import { type Applicable, conformance, type Inapplicable } from "./table.ts";

const TARGET = file("test/conformance/kmsan_test_target.ts");
const m = await makeMachine({ cpus: 1, target: TARGET });
const { CASES } = await import("./kmsan_test_cases.ts");
const { observeCase } = await import("./expectations.ts");

/** The report in a title: `uninit-value in f` for `KMSAN: uninit-value in f`. */
const bug = (title: string) => /^KMSAN: (.*)/.exec(title)?.[1];

function runs(name: string, expected: string): Applicable {
  return { name, expected, observe: () => observeCase(m, name, CASES[name].length, bug) };
}
const silent = (name: string) => runs(name, "silent");
const uninit = (name: string, n = 1) =>
  runs(name, `${n} report${n === 1 ? "" : "s"}: uninit-value in ${name}`);
const no = (name: string, reason: string): Inapplicable => ({ name, reason });

conformance({
  detector: "KMSAN",
  suite: "mm/kmsan/kmsan_test.c",
  cases: [
    uninit("test_uninit_kmalloc"),
    silent("test_init_kmalloc"),
    silent("test_init_kzalloc"),
    uninit("test_uninit_stack_var"),
    silent("test_init_stack_var"),
    uninit("test_params"),
    uninit("test_uninit_multiple_params"),
    uninit("test_uninit_kmsan_check_memory"),
    no("test_init_kmsan_vmap_vunmap", "pages of the model have no contents, and no vmap()"),
    no("test_init_vmalloc", "there is no vmalloc() in the model"),
    no(
      "test_uaf",
      "a use after free is KASAN's, which sees it before the value is used: kmalloc_uaf",
    ),
    uninit("test_percpu_propagate"),
    no(
      "test_printk",
      "there is no printk() in the model; what is passed on is judged as in test_params",
    ),
    silent("test_init_memcpy"),
    uninit("test_memcpy_aligned_to_aligned"),
    uninit("test_memcpy_aligned_to_unaligned", 3),
    uninit("test_memcpy_initialized_gap", 2),
    silent("test_memset16"),
    silent("test_memset32"),
    silent("test_memset64"),
    no("test_memset_on_guarded_buffer", "there is no vmalloc() in the model"),
    uninit("test_long_origin_chain"),
    no("test_stackdepot_roundtrip", "there is no stack depot in the model"),
    uninit("test_unpoison_memory", 2),
  ],
});

Deno.test("mm/kmsan/kmsan_test.c: a long chain of origins is cut", () => {
  const { report } = m.run("cpu0 test_long_origin_chain(0, 0)");
  assertEquals(report.match(/Uninit was stored to memory at:/g)?.length, 7);
});
