import { file } from "../machine/harness.ts";
import { type RemoteMachine, withMachine } from "../machine/remote.ts";
import { SANITIZERS } from "../sanitizers/names.ts";
import type { KcsanMode } from "../../src/prog/types.ts";
import { KINDS, LISTED, observeBarriers } from "./kcsan/observe_barriers.ts";
import { type Options, type Report, search } from "./kcsan/search.ts";
import { conformance, type Inapplicable } from "./table.ts";

const TARGET = file("test/conformance/kcsan_test_target.ts");
const ONLY = SANITIZERS.filter((s) => s !== "kcsan");

/** A report that the kernel's test waits for: both functions and the kinds of both accesses. */
interface Expected {
  readonly functions: readonly [string, string];
  readonly accesses: readonly RegExp[];
  readonly claim?: boolean;
}
interface Case extends Options {
  readonly kernels: readonly [string, string];
  /** Reports that are all required; if there is none, nothing may be reported. */
  readonly reports: readonly Expected[];
  /** Functions of a report that is not allowed. */
  readonly never?: readonly (readonly [string, string])[];
  readonly mode?: KcsanMode;
}

function race(f: string, g: string, ...accesses: RegExp[]): Expected {
  return { functions: [f, g], accesses };
}
function broken(f: string, g: string, ...accesses: RegExp[]): Expected {
  return { functions: [f, g], accesses, claim: true };
}

const READ = /^read$/;
const WRITE = /^write$/;
// A compound access is one access in the kernel, but a load and a store here.
const RW = /^(read-write|read|write)$/;
const NO_WRITES = /^assert no writes$/;
const NO_ACCESSES = /^assert no accesses$/;
const NOCHANGE = race("write_nochange", "read", WRITE, READ);
const MISSING = race("wrong_memorder", "wrong_memorder", RW, RW);

const CASES: Record<string, Case> = {
  test_basic: {
    kernels: ["write", "read"],
    reports: [race("write", "read", WRITE, READ)],
    never: [["read", "read"]],
  },
  test_concurrent_races: {
    kernels: ["rmw_array", "rmw_array"],
    reports: [race("rmw_array", "rmw_array", RW, RW)],
  },
  test_novalue_change: {
    kernels: ["write_nochange", "read"],
    boot: "test_kernel_write_nochange",
    reports: [],
  },
  "test_novalue_change (strict)": {
    kernels: ["write_nochange", "read"],
    boot: "test_kernel_write_nochange",
    reports: [NOCHANGE],
    mode: "strict",
  },
  test_novalue_change_exception: {
    kernels: ["write_nochange_rcu", "read"],
    boot: "test_kernel_write_nochange_rcu",
    reports: [race("write_nochange_rcu", "read", WRITE, READ)],
  },
  test_write_write_assume_atomic: { kernels: ["write", "write"], reports: [] },
  "test_write_write_assume_atomic (strict)": {
    kernels: ["write", "write"],
    reports: [race("write", "write", WRITE, WRITE)],
    mode: "strict",
  },
  test_write_write_struct: {
    kernels: ["write_struct", "write_struct"],
    reports: [race("write_struct", "write_struct", WRITE, WRITE)],
  },
  test_write_write_struct_part: {
    kernels: ["write_struct", "write_struct_part"],
    reports: [race("write_struct", "write_struct_part", WRITE, WRITE)],
  },
  test_read_atomic_write_atomic: { kernels: ["read_atomic", "write_atomic"], reports: [] },
  test_read_plain_atomic_write: {
    kernels: ["read", "write_atomic"],
    reports: [race("read", "write_atomic", READ, /^write \(marked\)$/)],
  },
  test_read_plain_atomic_rmw: {
    kernels: ["read", "atomic_rmw"],
    reports: [race("read", "atomic_rmw", READ, /^read-write \(marked\)$/)],
  },
  test_zero_size_access: {
    kernels: ["write_struct", "read_struct_zero_size"],
    reports: [race("write_struct", "write_struct", WRITE, WRITE)],
    never: [["write_struct", "read_struct_zero_size"]],
  },
  test_data_race: { kernels: ["data_race", "data_race"], reports: [] },
  test_data_racy_qualifier: {
    kernels: ["data_racy_qualifier", "data_racy_qualifier"],
    reports: [],
  },
  test_assert_exclusive_writer: {
    kernels: ["assert_writer", "write_nochange"],
    reports: [broken("assert_writer", "write_nochange", NO_WRITES, WRITE)],
  },
  test_assert_exclusive_access: {
    kernels: ["assert_access", "read"],
    reports: [broken("assert_access", "read", NO_ACCESSES, READ)],
  },
  test_assert_exclusive_access_writer: {
    kernels: ["assert_access", "assert_writer"],
    reports: [
      broken("assert_access", "assert_writer", NO_ACCESSES, NO_WRITES),
      broken("assert_access", "assert_access", NO_ACCESSES, NO_ACCESSES),
    ],
    never: [["assert_writer", "assert_writer"]],
  },
  test_assert_exclusive_bits_change: {
    kernels: ["assert_bits_change", "change_bits"],
    reports: [broken("assert_bits_change", "change_bits", NO_WRITES, /^write \(marked\)$/)],
  },
  test_assert_exclusive_bits_nochange: {
    kernels: ["assert_bits_nochange", "change_bits"],
    reports: [],
  },
  test_assert_exclusive_writer_scoped: {
    kernels: ["assert_writer_scoped", "write_nochange"],
    reports: [broken("assert_writer_scoped", "write_nochange", NO_WRITES, WRITE)],
    never: [["test_enter_scope", "write_nochange"]],
  },
  test_assert_exclusive_access_scoped: {
    kernels: ["assert_access_scoped", "read"],
    reports: [broken("assert_access_scoped", "read", NO_ACCESSES, READ)],
    never: [["test_enter_scope", "read"]],
  },
  test_seqlock_noreport: { kernels: ["seqlock_reader", "seqlock_writer"], reports: [] },
  test_1bit_value_change: {
    kernels: ["read", "xor_1bit"],
    reports: [race("read", "xor_1bit", READ, RW)],
  },
  "test_1bit_value_change (permissive)": {
    kernels: ["read", "xor_1bit"],
    reports: [],
    mode: "permissive",
  },
  test_atomic_builtins: { kernels: ["builtins", "atomic_builtins"], alone: true, reports: [] },
  test_correct_barrier: { kernels: ["with_memorder", "with_memorder"], reports: [] },
  test_missing_barrier: { kernels: ["wrong_memorder", "wrong_memorder"], reports: [MISSING] },
  test_atomic_builtins_correct_barrier: {
    kernels: ["atomic_builtin_with_memorder", "atomic_builtin_with_memorder"],
    reports: [],
  },
  test_atomic_builtins_missing_barrier: {
    kernels: ["atomic_builtin_wrong_memorder", "atomic_builtin_wrong_memorder"],
    reports: [race("atomic_builtin_wrong_memorder", "atomic_builtin_wrong_memorder", RW, RW)],
  },
};

const nameOf = (f: string) => f.startsWith("test_") ? f : `test_kernel_${f}`;
const pairOf = (f: string, g: string) => [nameOf(f), nameOf(g)].sort().join(" / ");

function matches(r: Report, e: Expected): boolean {
  const kind = e.claim ? "assert: race" : "data-race";
  if (r.title !== `${kind} in ${pairOf(...e.functions)}`) return false;
  const [x, y] = r.accesses.split(" / ");
  const [p, q] = e.accesses;
  return (p.test(x) && q.test(y)) || (p.test(y) && q.test(x));
}

/** `report` if all required reports came and no report that is not allowed. */
function judge(c: Case, found: readonly Report[]): string {
  const wrong = found.find((r) =>
    c.never?.some(([f, g]) => r.title.endsWith(` in ${pairOf(f, g)}`)) ?? false
  );
  if (wrong !== undefined) return `report of ${wrong.title}`;
  if (found.length === 0) return "silent";
  if (c.reports.length > 0 && c.reports.every((e) => found.some((r) => matches(r, e)))) {
    return "report";
  }
  return `report of ${found.map((r) => `${r.title}: ${r.accesses}`).join(", ")}`;
}

async function observeAll(m: RemoteMachine, mode: KcsanMode): Promise<[string, string][]> {
  const results: [string, string][] = [];
  for (const [name, c] of Object.entries(CASES)) {
    if ((c.mode ?? "value-change") !== mode) continue;
    results.push([name, judge(c, await search(m, ...c.kernels, c))]);
  }
  return results;
}

const observed = new Map<string, string>();
for (const kcsan of ["value-change", "strict", "permissive"] as const) {
  await withMachine({ cpus: 2, target: TARGET, without: ONLY, kcsan }, async (m) => {
    for (const [name, o] of await observeAll(m, kcsan)) observed.set(name, o);
  });
}

await withMachine({ cpus: 2, target: TARGET, without: ONLY, kcsan: "strict" }, async (m) => {
  for (const kind of KINDS) {
    observed.set(`test_barrier_nothreads (${kind})`, await observeBarriers(m, kind, LISTED));
  }
});

const INAPPLICABLE: Inapplicable[] = [
  {
    name: "test_unknown_origin",
    reason: "a write that is not instrumented leaves no trace in a clock; KCSAN sees the value " +
      "change while it stalls",
  },
  { name: "test_jiffies_noreport", reason: "the model has no timer tick and no jiffies" },
];

conformance({
  detector: "KCSAN",
  suite: "kernel/kcsan/kcsan_test.c",
  cases: [
    ...Object.entries(CASES).map(([name, c]) => ({
      name,
      expected: c.reports.length > 0 ? "report" : "silent",
      observe: () => observed.get(name)!,
    })),
    ...KINDS.map((kind) => `test_barrier_nothreads (${kind})`).map((name) => ({
      name,
      expected: `${LISTED.length} of ${LISTED.length} barriers as listed`,
      observe: () => observed.get(name)!,
    })),
    ...INAPPLICABLE,
  ],
});
