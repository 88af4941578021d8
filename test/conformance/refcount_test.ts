/**
 * refcount_t as lib/refcount.c and include/linux/refcount.h document it: which operations warn and
 * saturate the count, and which do not. The files say what to expect.
 */
import { file, makeMachine } from "../machine/harness.ts";
import { type Applicable, conformance } from "./table.ts";

const m = await makeMachine({ cpus: 2, target: file("test/conformance/refcount_target.ts") });

const SATURATED = -0x40000000;
const MAX = 0x7fffffff;

const program = (ops: string) => ops.split(";").map((o) => `cpu0 ${o.trim()}`).join("\n");

/**
 * A case that breaks a rule: the expected warning, and whether the count is saturated afterwards.
 */
function warns(name: string, ops: string, what: string, saturates = true): Applicable {
  const fn = ops.split(";").at(-1)!.trim().split("(")[0];
  return {
    name,
    expected: `refcount_t: ${what} in do_${fn}${saturates ? ", saturated" : ""}`,
    observe() {
      const { title, trace } = m.run(program(ops));
      const last = trace.filter((p) => p.field === "ref.refs").at(-1);
      return `${title ?? "silent"}${last?.value === String(SATURATED) ? ", saturated" : ""}`;
    },
  };
}

/** A case that keeps a rule: no report, and the results of the operations after the first. */
function kept(name: string, ops: string, ...returns: number[]): Applicable {
  return {
    name,
    expected: `silent, ${returns.join(" ")}`,
    observe() {
      const r = m.run(program(ops));
      return `${r.title ?? "silent"}, ${r.returns.slice(1).join(" ")}`;
    },
  };
}

const ADDED = "addition on 0; use-after-free";
const UNDER = "underflow; use-after-free";
const HIT = "decrement hit 0; leaking memory";
const OVER = "saturated; leaking memory";

conformance({
  detector: "refcount",
  suite: "lib/refcount.c",
  cases: [
    kept("refcount_inc: from one on", `set(1); inc(); read()`, 0, 2),
    warns("refcount_inc: on zero", `set(0); inc()`, ADDED),
    warns("refcount_inc: at the maximum", `set(${MAX}); inc()`, OVER),
    warns("refcount_inc: saturated", `set(${SATURATED}); inc()`, OVER),
    kept("refcount_add: from one on", `set(3); add(4); read()`, 0, 7),
    warns("refcount_add: on zero", `set(0); add(3)`, ADDED),
    warns("refcount_add: beyond the maximum", `set(${MAX - 1}); add(4)`, OVER),
    warns("refcount_add: saturated", `set(${SATURATED}); add(8)`, OVER),
    kept("refcount_inc_not_zero: from one on", `set(1); inc_not_zero(); read()`, 1, 2),
    kept("refcount_inc_not_zero: on zero, false", `set(0); inc_not_zero(); read()`, 0, 0),
    warns("refcount_inc_not_zero: at the maximum", `set(${MAX}); inc_not_zero()`, OVER),
    warns("refcount_inc_not_zero: saturated", `set(${SATURATED}); inc_not_zero()`, OVER),
    kept("refcount_add_not_zero: on zero, false", `set(0); add_not_zero(6); read()`, 0, 0),
    kept("refcount_add_not_zero: from one on", `set(1); add_not_zero(6); read()`, 1, 7),
    warns("refcount_add_not_zero: beyond the maximum", `set(${MAX - 5}); add_not_zero(6)`, OVER),
    warns("refcount_add_not_zero: saturated", `set(${SATURATED}); add_not_zero(7)`, OVER),
    kept("refcount_dec: while others are left", `set(3); dec(); read()`, 0, 2),
    warns("refcount_dec: to zero", `set(1); dec()`, HIT),
    warns("refcount_dec: below zero", `set(0); dec()`, HIT),
    warns("refcount_dec: saturated", `set(${SATURATED}); dec()`, HIT),
    kept("refcount_dec_and_test: not the last one", `set(2); dec_and_test(); read()`, 0, 1),
    kept("refcount_dec_and_test: the last one", `set(1); dec_and_test(); read()`, 1, 0),
    warns("refcount_dec_and_test: below zero", `set(0); dec_and_test()`, UNDER),
    warns("refcount_dec_and_test: saturated", `set(${SATURATED}); dec_and_test()`, UNDER),
    kept("refcount_sub_and_test: the last ones", `set(5); sub_and_test(5); read()`, 1, 0),
    warns("refcount_sub_and_test: more than there are", `set(3); sub_and_test(5)`, UNDER),
    warns("refcount_sub_and_test: saturated", `set(${SATURATED}); sub_and_test(8)`, UNDER),
    kept(
      "refcount_dec_if_one: only from one",
      `set(2); dec_if_one(); dec_and_test(); dec_if_one()`,
      0,
      0,
      1,
    ),
    kept("refcount_dec_if_one: not from zero", `set(0); dec_if_one(); read()`, 0, 0),
    kept(
      "refcount_dec_not_one: leaves one",
      `set(2); dec_not_one(); dec_not_one(); read()`,
      1,
      0,
      1,
    ),
    kept(
      "refcount_dec_not_one: saturated, nothing",
      `set(${SATURATED}); dec_not_one(); saturated()`,
      1,
      1,
    ),
    warns("refcount_dec_not_one: on zero", `set(0); dec_not_one()`, UNDER, false),
    kept(
      "refcount_dec_and_lock: only the last one locks",
      `set(2); dec_and_lock(); dec_and_lock(); read()`,
      0,
      1,
      0,
    ),
    kept(
      "refcount_dec_and_lock_irqsave: likewise",
      `set(2); dec_and_lock_irqsave(); dec_and_lock_irqsave()`,
      0,
      1,
    ),
    kept(
      "refcount_dec_and_mutex_lock: likewise",
      `set(2); dec_and_mutex_lock(); dec_and_mutex_lock()`,
      0,
      1,
    ),
    kept(
      "refcount_dec_and_lock: saturated, nothing",
      `set(${SATURATED}); dec_and_lock(); saturated()`,
      0,
      1,
    ),
    warns("refcount_dec_and_lock: on zero", `set(0); dec_and_lock()`, UNDER, false),
    {
      name: "refcount_set_release, refcount_inc_not_zero_acquire",
      reason: "memory is sequentially consistent here: they are refcount_set and _inc_not_zero",
    },
  ],
});
