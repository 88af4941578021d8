/**
 * What the tree's functions call and touch that the model does not have.
 *
 * A call of one of these functions is left out, or is the value that it has here; a field is not
 * written, and reads as its value. Every entry says what it stands for and why leaving it out is
 * harmless. A function that is neither here, nor in the model, nor in the tree is an error.
 *
 * @module
 */

/** Something outside of the model. */
export interface Outside {
  /** What a call returns, or what a field holds, as TypeScript; absent if nobody asks. */
  readonly value?: "0" | "false" | "true" | "PAGE_COUNTER_MAX";
  readonly why: string;
}

function all(names: string, outside: Outside): Readonly<Record<string, Outside>> {
  return Object.fromEntries(names.trim().split(/\s+/).map((name) => [name, outside]));
}

const NO = { value: "false" } as const;
const ZERO = { value: "0" } as const;

/** Functions and macros. */
export const OUTSIDE_FUNCTIONS: Readonly<Record<string, Outside>> = {
  ...all(
    `mod_memcg_state __mod_memcg_state memcg_account_kmem memcg1_account_kmem memcg_rstat_updated
    css_rstat_updated cgroup_rstat_flush mod_node_page_state count_memcg_events`,
    { why: "statistics of a cgroup: nothing that is modelled reads them" },
  ),
  ...all("memcg_memory_event", {
    why: "counts an event for user space; wakes nobody in the kernel",
  }),
  ...all("psi_memstall_enter psi_memstall_leave", {
    why: "pressure stall information: times only",
  }),
  ...all("propagate_protected_usage", {
    why: "protection (min, low): decides what reclaim takes, and reclaim takes nothing here",
  }),
  ...all("track_protection", { ...NO, why: "protection (min, low) is not set" }),
  ...all("page_counter_set_min page_counter_set_low page_counter_set_high", {
    why: "protection and the high limit decide about reclaim only",
  }),
  ...all("cgroup_subsys_on_dfl", {
    value: "true",
    why: "the model has no counter that only cgroup1 has",
  }),
  ...all("memcg1_tcpmem_active", { ...NO, why: "cgroup1 only: TCP memory is counted apart" }),
  ...all("memcg1_remove_from_trees mem_cgroup_remove_from_trees memcg1_free_events", {
    why: "cgroup1 only: soft limits and events, which nothing here has",
  }),
  ...all(
    "free_shrinker_info lru_gen_exit_memcg memcg_wb_domain_exit free_mem_cgroup_per_node_info",
    {
      why: "what shrinkers, the LRU, writeback and nodes keep of a cgroup is not modelled",
    },
  ),
  ...all("do_memsw_account", { ...NO, why: "cgroup2: memory and swap are not counted together" }),
  ...all("mem_cgroup_kmem_disabled mem_cgroup_disabled cgroup_disable", {
    ...NO,
    why: "the kernel is booted without cgroup.memory=nokmem and cgroup_disable=memory",
  }),
  ...all("try_to_free_mem_cgroup_pages mem_cgroup_margin", {
    ...ZERO,
    why: "reclaim frees nothing: a charge above the limit is retried after the stocks are drained",
  }),
  ...all(
    `task_in_memcg_oom tsk_is_oom_victim mem_cgroup_oom task_is_dying mem_cgroup_wait_acct_move
    memcg1_wait_acct_move`,
    { ...NO, why: "the OOM killer kills nobody, and charges do not move with tasks" },
  ),
  ...all("set_notify_resume mem_cgroup_handle_over_high", {
    why: "the high limit throttles on the way back to user space",
  }),
  ...all(
    `lockdep_assert_held lockdep_assert_once lockdep_assert_cpus_held lockdep_assert_irqs_disabled
    lockdep_assert_in_rcu_read_lock VM_BUG_ON VM_BUG_ON_PAGE VM_BUG_ON_FOLIO VM_WARN_ON_ONCE
    VM_WARN_ON_ONCE_FOLIO VM_WARN_ON`,
    { why: "an assertion of debug kernels; the sanitizers judge locks and accesses" },
  ),
  ...all(
    `static_branch_enable static_branch_inc static_branch_dec pr_debug pr_err pr_warn pr_info printk
    mem_dump_obj trace_printk cond_resched local_inc`,
    { why: "code patching, messages, and scheduling hints change no shared state of the model" },
  ),
  ...all("wake_up_all", { why: "whoever waits looks at its condition at every point" }),
  ...all(
    `memcg_reparent_list_lrus memcg_drain_all_list_lrus reparent_shrinker_deferred wb_memcg_offline
    lru_gen_offline_memcg lru_gen_online_memcg zswap_memcg_offline_cleanup memcg1_css_offline
    vmpressure_cleanup memcg1_soft_limit_reset memcg1_memcg_init lru_gen_init_memcg vmpressure_init`,
    {
      why:
        "list_lru, shrinkers, writeback, zswap, and what only cgroup1 has: nothing here uses them",
    },
  ),
  ...all("queue_delayed_work", { why: "it flushes statistics from time to time" }),
  ...all("TRACE_CGROUP_PATH BUILD_BUG_ON", { why: "tracing, and checks when C is compiled" }),
};

/** Structures of which nothing is modelled: what follows a pointer to one is outside. */
export const OUTSIDE_STRUCTS: Readonly<Record<string, Outside>> = {
  ...all("cgroup", {
    ...ZERO,
    why: "the model has one controller: a cgroup and its css are one object",
  }),
  ...all("memcg_vmstats_percpu memcg_vmstats", { ...ZERO, why: "statistics of a cgroup" }),
};

/** Constants: flags that nothing in the model has, or that it reads without an access. */
export const OUTSIDE_CONSTANTS: Readonly<Record<string, Outside>> = {
  ...all("__GFP_RETRY_MAYFAIL __GFP_NOWARN __GFP_MEMALLOC __GFP_NOMEMALLOC", {
    ...ZERO,
    why: "no allocation of the model has this flag",
  }),
  ...all("cgroup_memory_nosocket cgroup_memory_nobpf", {
    ...ZERO,
    why: "the kernel is booted without cgroup.memory=nosocket and nobpf",
  }),
  PF_MEMALLOC: { ...ZERO, why: "no task of the model has this flag" },
  PF_KTHREAD: {
    ...ZERO,
    why:
      "a kernel thread of the model has no memory, which is asked first, and the bit is no access",
  },
};

/** Static variables inside functions, as `function.variable`. */
export const OUTSIDE_VARIABLES: Readonly<Record<string, Outside>> = {
  "percpu_ref_switch_to_atomic_rcu.underflows": { ...ZERO, why: "counts messages" },
};

/** Fields, as `struct.field`. A call with such an object as an argument is outside, too. */
export const OUTSIDE_FIELDS: Readonly<Record<string, Outside>> = {
  ...all("mem_cgroup.memsw mem_cgroup.swap mem_cgroup.kmem mem_cgroup.tcpmem", {
    ...ZERO,
    why: "counters beside `memory`: they follow the same paths",
  }),
  ...all("mem_cgroup.event_list mem_cgroup.event_list_lock", {
    ...ZERO,
    why: "events of cgroup1, which nobody registers",
  }),
  ...all("mem_cgroup.vmstats mem_cgroup.vmstats_percpu", {
    ...ZERO,
    why: "statistics of a cgroup",
  }),
  ...all("mem_cgroup.high_work mem_cgroup.vmpressure mem_cgroup.deferred_split_queue", {
    ...ZERO,
    why: "reclaim in the background",
  }),
  ...all(
    "cgroup_subsys_state.cgroup cgroup_subsys_state.rstat_css_node cgroup_subsys_state.nr_descendants",
    {
      ...ZERO,
      why: "the model has one controller: a cgroup and its css are one object; no statistics",
    },
  ),
  ...all(
    "cgroup_subsys.css_idr cgroup_subsys.id cgroup_subsys.css_killed cgroup_subsys.css_released",
    {
      ...ZERO,
      why: "the memory controller has no such callback, and ids of a css are not looked up",
    },
  ),
  ...all("cgroup_subsys_state.id", { ...ZERO, why: "the ids of css are not looked up" }),
  ...all("page_counter.high", { value: "PAGE_COUNTER_MAX", why: "no high limit is set" }),
  ...all("page_counter.watermark page_counter.local_watermark page_counter.failcnt", {
    value: "PAGE_COUNTER_MAX",
    why: "watermarks and failure counts are for user space only",
  }),
  ...all("task_struct.memcg_nr_pages_over_high", { ...ZERO, why: "no high limit is set" }),
};
