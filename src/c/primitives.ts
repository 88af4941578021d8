/**
 * How names of the kernel's C map to the model: one table for calls, one for variables.
 *
 * A call that is in none of these tables has its own name in the model, or is a function of the tree.
 *
 * @module
 */

/**
 * How the arguments of a C function or macro become those of the model's, one letter each:
 *
 * - `v` the value
 * - `f` a field, of which the model takes the address: `READ_ONCE(p->f)` is `READ_ONCE(p.$f)`
 * - `a` the address of a field: `&p->f` is `p.$f`
 * - `=` a variable that gets the result: `spin_lock_irqsave(lock, flags)`
 * - `-` nothing: the model does not take it
 */
export interface Primitive {
  readonly args: string;
  /** The name in the model, if it is another one. */
  readonly to?: string;
  /** What comes before the arguments. */
  readonly first?: string;
  /** The type of the result; `field` is the type of the first field or address. */
  readonly result?: "field" | "bool" | "int";
}

const field = "field" as const;
const bool = "bool" as const;
const int = "int" as const;

/** Atomic operations: `atomic_long_add()` is `atomic_add()`, since a cell has 32 bits. */
const ATOMIC: Readonly<Record<string, Primitive>> = {
  read: { args: "a", result: int },
  set: { args: "av" },
  add: { args: "va" },
  sub: { args: "va" },
  inc: { args: "a" },
  dec: { args: "a", to: "atomic_sub", first: "1" },
  add_return: { args: "va", result: int },
  sub_return: { args: "va", result: int },
  inc_return: { args: "a", to: "atomic_add_return", first: "1", result: int },
  dec_return: { args: "a", to: "atomic_sub_return", first: "1", result: int },
  sub_and_test: { args: "va", result: bool },
  dec_and_test: { args: "a", result: bool },
  inc_not_zero: { args: "a", result: bool },
  add_unless: { args: "avv", result: bool },
  xchg: { args: "av", to: "xchg", result: int },
  cmpxchg: { args: "avv", to: "cmpxchg", result: int },
};

function atomics(): Record<string, Primitive> {
  return Object.fromEntries(
    Object.entries(ATOMIC).flatMap(([op, p]) => {
      const primitive = { to: `atomic_${op}`, ...p };
      return ["atomic", "atomic_long", "atomic64"].map((kind) => [`${kind}_${op}`, primitive]);
    }),
  );
}

/** Calls whose arguments differ from those of the model's function. */
export const PRIMITIVES: Readonly<Record<string, Primitive>> = {
  ...atomics(),
  READ_ONCE: { args: "f", result: field },
  WRITE_ONCE: { args: "fv" },
  data_race: { args: "v", result: field },
  rcu_dereference: { args: "f", result: field },
  rcu_dereference_check: { args: "fv", result: field },
  rcu_dereference_protected: { args: "fv", result: field },
  rcu_dereference_raw: { args: "f", result: field },
  rcu_access_pointer: { args: "f", result: field },
  rcu_assign_pointer: { args: "fv" },
  RCU_INIT_POINTER: { args: "fv", to: "WRITE_ONCE" },
  rcu_replace_pointer: { args: "fvv", result: field },
  smp_load_acquire: { args: "a", result: field },
  smp_store_release: { args: "av" },
  xchg: { args: "av", result: field },
  cmpxchg: { args: "avv", result: field },
  set_bit: { args: "va" },
  clear_bit: { args: "va" },
  test_bit: { args: "va", result: bool },
  test_and_set_bit: { args: "va", result: bool },
  spin_lock_irqsave: { args: "v=" },
  raw_spin_lock_irqsave: { args: "v=" },
  local_lock_irqsave: { args: "v=" },
  local_irq_save: { args: "=" },
  call_rcu: { args: "vv" },
  call_rcu_hurry: { args: "vv", to: "call_rcu" },
  cgroup_lock: { args: "", to: "mutex_lock", first: "cgroup_mutex" },
  cgroup_unlock: { args: "", to: "mutex_unlock", first: "cgroup_mutex" },
  IS_ERR: { args: "v", result: bool },
};

/**
 * Functions whose last parameter is where C puts a second result: in the model it is the result. How
 * it compares if the function succeeds.
 */
export const OUT_PARAMETERS: Readonly<Record<string, { param: number; success: string }>> = {
  page_counter_try_charge: { param: 2, success: "=== null" },
  __ref_is_percpu: { param: 1, success: "!== false" },
};

/** Functions that the model has with other parameters or another result, by hand: why. */
export const BY_HAND: Readonly<Record<string, string>> = {
  __ref_is_percpu: "percpu_count_ptr holds the number of the counters and two flags, no address",
  percpu_count_ptr: "percpu_count_ptr holds the number of the counters and two flags, no address",
  percpu_ref_init: "percpu_count_ptr holds the number of the counters and two flags, no address",
  mem_cgroup_from_task: "a task points to its css, not to a css_set with one css per controller",
  task_css: "a task points to its css, not to a css_set with one css per controller",
  gfpflags_allow_blocking: "flags of allocations have the model's numbers",
  cgroup_free: "tasks are modelled by hand",
  task_css_set: "tasks are modelled by hand",
  put_task_struct: "tasks are modelled by hand",
  get_task_struct: "tasks are modelled by hand",
  in_task: "contexts are the machine's",
  active_memcg: "int_active_memcg is a variable of every CPU that the model keeps by hand",
  mod_objcg_mlstate: "statistics of a node are one array per cgroup",
  mod_memcg_lruvec_state: "statistics of a node are one array per cgroup",
  css_has_online_children:
    "it asks the css that every cgroup has of its own; here it is the same one",
  kill_css: "it waits for file operations in css_clear_dir(), which the model has as a wait",
  mem_cgroup_hierarchy_write: "a file operation gets the css and the file, here it gets the memcg",
  mem_cgroup_is_descendant: "the model compares css, which the kernel does by the ids of ancestors",
  current_obj_cgroup: "task_struct.objcg holds the number of an objcg and a flag, no address",
  current_objcg_update: "task_struct.objcg holds the number of an objcg and a flag, no address",
};

/**
 * Callers that have the body of a callee in the model, so that points are the caller's: seeds name them
 * so.
 */
export const INLINED: Readonly<Record<string, string>> = {
  percpu_ref_tryget: "percpu_ref_tryget_many",
};

/** Functions of the tree that the model has under another name. */
export const RENAMED: Readonly<Record<string, string>> = {
  __mod_objcg_mlstate: "mod_objcg_mlstate",
};

/** Macros of headers that are not read. */
export const MACROS: Readonly<Record<string, { params: readonly string[]; body: string }>> = {
  to_rcu_work: { params: ["work"], body: "container_of(work, struct_rcu_work, work)" },
  BIT: { params: ["nr"], body: "1UL << (nr)" },
  BIT_ULL: { params: ["nr"], body: "1ULL << (nr)" },
  GENMASK: { params: ["h", "l"], body: "(~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h)))" },
  DIV_ROUND_UP: { params: ["n", "d"], body: "((n) + (d) - 1) / (d)" },
  PAGE_ALIGN: { params: ["n"], body: "((n) + PAGE_SIZE - 1) & PAGE_MASK" },
  lower_32_bits: { params: ["n"], body: "(u32)((n) & 0xffffffff)" },
  upper_32_bits: { params: ["n"], body: "(u32)(((n) >> 16) >> 16)" },
};

/** Variables, and constants that the model has under another name. */
export const NAMES: Readonly<Record<string, string>> = {
  NULL: "null",
  true: "true",
  false: "false",
  "memcg_stock.stock_lock": "stock_lock",
  MAX_RECLAIM_RETRIES: "MEM_CGROUP_RECLAIM_RETRIES",
};

/** Variables that the model reads with a function: what C type they have. */
export const READ_BY_CALL: Readonly<Record<string, string>> = {
  current: "task_struct",
  root_mem_cgroup: "mem_cgroup",
};

/** Variables of every CPU, and the structures that they are. */
export const PER_CPU: Readonly<Record<string, string>> = { memcg_stock: "memcg_stock_pcp" };

/** Constants of limits.h and its kin. */
export const CONSTANT_MACROS: Readonly<Record<string, string>> = {
  BITS_PER_BYTE: "8",
  CHAR_BIT: "8",
  INT_MAX: "((int)(~0U >> 1))",
  INT_MIN: "(-INT_MAX - 1)",
  UINT_MAX: "(~0U)",
  LONG_MAX: "((long)(~0UL >> 1))",
  LONG_MIN: "(-LONG_MAX - 1)",
  ULONG_MAX: "(~0UL)",
  LLONG_MAX: "((long long)(~0ULL >> 1))",
  LLONG_MIN: "(-LLONG_MAX - 1)",
  ULLONG_MAX: "(~0ULL)",
  SIZE_MAX: "(~(size_t)0)",
  SSIZE_MAX: "((ssize_t)(SIZE_MAX >> 1))",
  U8_MAX: "((u8)~0U)",
  U16_MAX: "((u16)~0U)",
  S16_MAX: "((s16)(U16_MAX >> 1))",
  U32_MAX: "((u32)~0U)",
  S32_MAX: "((s32)(U32_MAX >> 1))",
  U64_MAX: "((u64)~0ULL)",
  S64_MAX: "((s64)(U64_MAX >> 1))",
  PAGE_MASK: "(~(PAGE_SIZE - 1))",
};

/** Constants of the model that are an `unsigned long` in C. */
export const LONG_CONSTANTS = ["PAGE_SIZE", "PAGE_COUNTER_MAX", "PERCPU_COUNT_BIAS"];

/**
 * MODEL: the top bit of a `long` is the bias of a percpu_ref in its counter. The model's counter is a
 * cell of 32 bits, and so its top bit is the bias: what is computed with either wraps at the cell.
 */
export const BIASED_CONSTANTS = ["PERCPU_COUNT_BIAS"];
export const BIASED_FIELDS = ["percpu_ref_data.count", "percpu_ref.count"];

/** Constants of the model that are not small. */
export const LARGE = ["PERCPU_COUNT_BIAS", "PAGE_COUNTER_MAX"];

/** Fields that point to a variable of the model. */
export const POINTS_TO: Readonly<Record<string, { name: string; struct: string }>> = {
  "cgroup_subsys_state.ss": { name: "memory_cgrp_subsys", struct: "cgroup_subsys" },
};

/** Structures of C that are one cell in the model, so that `&p->f` is the address of the cell. */
export const CELLS = ["atomic_t", "atomic_long_t", "atomic64_t"];
