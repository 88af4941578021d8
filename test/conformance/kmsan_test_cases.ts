/**
 * The cases of mm/kmsan/kmsan_test.c that need neither pages nor a console. Each is written anew
 * from what the original does. Local arrays are allocated instead, because the model has no stack
 * in memory.
 */
import { array_load, array_store, element } from "../../src/machine/memory/access.ts";
import { BUG_ON } from "../../src/machine/findings/warn.ts";
import { UNINIT } from "../../src/machine/hooks/uninit.ts";
import { kernel } from "../../src/machine/calls/registry.ts";
import { type Fields, int, type Struct } from "../../src/machine/memory/struct_type.ts";
import { statics } from "../../src/machine/memory/struct.ts";
import { likely } from "../../src/kernel/compiler.ts";
import { GFP_KERNEL } from "../../src/kernel/errno.ts";
import { __kmalloc, type char_ptr } from "../../src/kernel/kmalloc.ts";
import { kmsan_check_memory, kmsan_unpoison_memory } from "../../src/kernel/kmsan.ts";
import { this_cpu_ptr } from "../../src/kernel/memcontrol-types.ts";
import { kfree } from "../../src/kernel/slab.ts";
import * as string from "../../src/kernel/string.ts";
import { type Cases, FAILS } from "./expectations.ts";

/** USE(): branch on a value. */
const USE = (x: number) => void likely(x);

function alloc(size: number, zero = false): char_ptr {
  const p = __kmalloc(size, GFP_KERNEL, zero);
  BUG_ON(p === null);
  return p!;
}

/** Run a case with a buffer, and free the buffer afterwards. */
function withBuffer(size: number, f: (p: char_ptr) => void, zero = false): void {
  const p = alloc(size, zero);
  f(p);
  kfree(p);
}

const two_param_fn_2 = kernel("two_param_fn_2", (arg1: number, arg2: number): void => {
  USE(arg1);
  USE(arg2);
});
const one_param_fn = kernel("one_param_fn", (arg: number): void => {
  two_param_fn_2(arg, arg);
  USE(arg);
});
const two_param_fn = kernel("two_param_fn", (arg1: number, arg2: number): void => {
  one_param_fn(0);
  USE(arg1);
  USE(arg2);
});
const signed_sum3 = kernel("signed_sum3", (a: number, b: number, c: number): number => a + b + c);

const do_uninit_local_array = kernel(
  "do_uninit_local_array",
  (array: char_ptr, start: number, stop: number): void => {
    for (let i = start; i < stop; i++) array_store(array, i, UNINIT);
  },
);

interface per_cpu_var extends Struct, Fields<{ v: number }> {}
const per_cpu_var = statics<per_cpu_var>("per_cpu_var", { v: int }, 1);

const KMSAN_MAX_ORIGIN_DEPTH = 7;
const fibonacci = kernel("fibonacci", (array: char_ptr, size: number, start: number): void => {
  if (start < 2 || start === size) return;
  array_store(array, start, array_load(array, start - 1) + array_load(array, start - 2));
  fibonacci(array, size, start + 1);
});

const bodies: Record<string, () => void> = {
  test_uninit_kmalloc: () => withBuffer(1, (p) => FAILS(() => USE(array_load(p, 0)))),
  test_init_kmalloc: () =>
    withBuffer(4, (p) => {
      string.memset(p, 0, 4);
      USE(array_load(p, 0));
    }),
  test_init_kzalloc: () => withBuffer(4, (p) => USE(array_load(p, 0)), true),
  test_uninit_stack_var: () => FAILS(() => USE(UNINIT)),
  test_init_stack_var: () => USE(1),
  test_params: () => FAILS(() => two_param_fn(UNINIT, 1)),
  test_uninit_multiple_params: () => FAILS(() => USE(signed_sum3(UNINIT, 3, UNINIT))),
  test_uninit_kmsan_check_memory: () =>
    withBuffer(8, (array) => {
      string.memset(array, 1, 8);
      do_uninit_local_array(array, 5, 7);
      FAILS(() => kmsan_check_memory(array, 8));
    }),
  test_percpu_propagate() {
    const v = this_cpu_ptr(per_cpu_var);
    v.v = UNINIT;
    const check = v.v;
    FAILS(() => USE(check));
    v.v = 0;
  },
  test_init_memcpy: () =>
    withBuffer(8, (src) =>
      withBuffer(8, (dst) => {
        string.memset(src, 1, 8);
        string.memcpy(dst, src, 8);
        kmsan_check_memory(dst, 8);
      }, true)),
  test_memcpy_aligned_to_aligned: () =>
    withBuffer(4, (src) =>
      withBuffer(4, (dst) => {
        string.memcpy(dst, src, 4);
        FAILS(() => kmsan_check_memory(dst, 4));
      }, true)),
  test_memcpy_aligned_to_unaligned: () =>
    withBuffer(4, (src) =>
      withBuffer(8, (dst) => {
        FAILS(() => kmsan_check_memory(src, 4));
        string.memcpy(element(dst, 1), src, 4);
        FAILS(() => kmsan_check_memory(dst, 4));
        FAILS(() => kmsan_check_memory(element(dst, 4), 4));
      }, true)),
  test_memcpy_initialized_gap: () =>
    withBuffer(12, (src) =>
      withBuffer(8, (dst) => {
        for (const i of [0, 1, 4, 5, 6, 7, 10, 11]) array_store(src, i, 42);
        string.memcpy(dst, element(src, 2), 8);
        FAILS(() => kmsan_check_memory(dst, 4));
        kmsan_check_memory(element(dst, 2), 4);
        FAILS(() => kmsan_check_memory(element(dst, 4), 4));
      }, true)),
  test_long_origin_chain: () =>
    withBuffer(KMSAN_MAX_ORIGIN_DEPTH * 2 + 2, (accum) => {
      const size = KMSAN_MAX_ORIGIN_DEPTH * 2 + 2;
      array_store(accum, 0, 1);
      fibonacci(accum, size, 2);
      FAILS(() => kmsan_check_memory(element(accum, size - 1), 1));
    }),
  test_unpoison_memory: () =>
    withBuffer(4, (a) =>
      withBuffer(4, (b) => {
        array_store(a, 0, 0);
        kmsan_check_memory(a, 1);
        FAILS(() => kmsan_check_memory(element(a, 1), 3));
        kmsan_unpoison_memory(b, 1);
        kmsan_check_memory(b, 1);
        FAILS(() => kmsan_check_memory(element(b, 1), 3));
      })),
};
for (const bits of [16, 32, 64] as const) {
  bodies[`test_memset${bits}`] = () =>
    withBuffer(1, (p) => {
      string[`memset${bits}`](p, 0, 1);
      kmsan_check_memory(p, 1);
    });
}

/** The cases, each a kernel function of the same name, which titles of reports contain. */
export const CASES: Cases = Object.fromEntries(
  Object.entries(bodies).map(([name, body]) => [name, [kernel(name, body)]]),
);
