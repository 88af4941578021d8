/**
 * What the functions of the model were held against: for each function the place in a tree of the
 * kernel where somebody read it, access by access, with the model beside it.
 *
 * A digest follows the lines. It is that of the definition in the model that was read; a test tells
 * when the definition has changed since, and must be read again.
 *
 * @module
 */

/** A tree that was read: Debian's packages linux-source-6.1 and linux-source-6.12, and linux-6.18.y. */
export interface Tree {
  /** The version of the model that stands for it. */
  readonly kernel: string;
  /** The kernel with what the tree has from later versions: stable trees take fixes. */
  readonly expression: string;
  readonly name: string;
}

export const TREES: readonly Tree[] = [
  {
    kernel: "v6.1",
    expression: "v6.1+3b8abb323953+9972605a2383+79f919a89c9d",
    name: "Linux 6.1.192",
  },
  {
    kernel: "v6.12",
    expression: "v6.12+9f01b4954490+79f919a89c9d",
    name: "Linux 6.12.117",
  },
  {
    kernel: "v6.18",
    expression: "v6.18+dccd5ee2625d",
    name: "Linux 6.18.y",
  },
];

/** The functions of which the review of the posted patch quotes enough to write them. */
export const QUOTED: readonly string[] = [
  "consume_obj_stock",
  "drain_obj_stock",
  "memcg_online_kmem",
  "memcg_reparent_objcgs",
  "obj_cgroup_alloc",
  "obj_cgroup_charge",
  "obj_cgroup_release",
  "obj_cgroup_uncharge",
  "obj_stock_flush_required",
  "refill_obj_stock",
];

/** `FILE:FIRST-LAST DIGEST`, or `FILE:FIRST-LAST C_NAME DIGEST` where the C has another name. */
export type Reading = string;

/** Readings of a function, in the order of TREES; null if that tree was not read for it. */
export const READINGS: Readonly<Record<string, readonly (Reading | null)[]>> = {
  css_get: [
    "include/linux/cgroup.h:324-328 7bc4fe49",
    "include/linux/cgroup_refcnt.h:7-12 7bc4fe49",
  ],
  css_tryget: [
    "include/linux/cgroup.h:354-359 65910b29",
    "include/linux/cgroup_refcnt.h:41-47 65910b29",
  ],
  css_tryget_online: [
    "include/linux/cgroup.h:371-376 9c6e536e",
    "include/linux/cgroup_refcnt.h:60-66 9c6e536e",
  ],
  css_put: [
    "include/linux/cgroup.h:404-408 add6dfea",
    "include/linux/cgroup_refcnt.h:75-80 add6dfea",
  ],
  css_free_rwork_fn: [
    "kernel/cgroup/cgroup.c:5400-5447 6c806092",
    "kernel/cgroup/cgroup.c:5483-5532 6c806092",
  ],
  css_release_work_fn: [
    "kernel/cgroup/cgroup.c:5449-5501 93b0adb6",
    "kernel/cgroup/cgroup.c:5534-5603 93b0adb6",
  ],
  css_release: [
    "kernel/cgroup/cgroup.c:5503-5510 e1aca4f7",
    "kernel/cgroup/cgroup.c:5605-5612 e1aca4f7",
  ],
  init_and_link_css: [
    "kernel/cgroup/cgroup.c:5512-5538 8ff68ed2",
    "kernel/cgroup/cgroup.c:5614-5640 8ff68ed2",
  ],
  online_css: [
    "kernel/cgroup/cgroup.c:5541-5559 2ea82247",
    "kernel/cgroup/cgroup.c:5643-5664 2ea82247",
  ],
  offline_css: [
    "kernel/cgroup/cgroup.c:5562-5578 913a2559",
    "kernel/cgroup/cgroup.c:5667-5683 913a2559",
  ],
  css_create: [
    "kernel/cgroup/cgroup.c:5589-5633 476d4ac0",
    "kernel/cgroup/cgroup.c:5694-5738 476d4ac0",
  ],
  css_killed_work_fn: [
    "kernel/cgroup/cgroup.c:5842-5857 98a8a18d",
    "kernel/cgroup/cgroup.c:5944-5959 98a8a18d",
  ],
  css_killed_ref_fn: [
    "kernel/cgroup/cgroup.c:5860-5869 11df6624",
    "kernel/cgroup/cgroup.c:5962-5971 11df6624",
  ],
  kill_css: [
    "kernel/cgroup/cgroup.c:5880-5912 13628b18",
    "kernel/cgroup/cgroup.c:5982-6032 13628b18",
  ],
  cgroup_mkdir: [
    "kernel/cgroup/cgroup.c:5780-5835 2fa5da7f",
    "kernel/cgroup/cgroup.c:5886-5937 2fa5da7f",
  ],
  cgroup_destroy_locked: [
    "kernel/cgroup/cgroup.c:5938-6009 720ee65a",
    "kernel/cgroup/cgroup.c:6058-6129 720ee65a",
  ],
  css_has_online_children: [
    "kernel/cgroup/cgroup.c:4783-4797 a094daea",
    "kernel/cgroup/cgroup.c:4856-4870 a094daea",
  ],
  cgroup_rmdir: [
    "kernel/cgroup/cgroup.c:6011-6026 2e319dd5",
    "kernel/cgroup/cgroup.c:6131-6146 2e319dd5",
  ],
  memcg_online_kmem: ["mm/memcontrol.c:3726-3748 d2808a48", "mm/memcontrol.c:3090-3114 6160f958"],
  memcg_offline_kmem: ["mm/memcontrol.c:3750-3773 e227de08", "mm/memcontrol.c:3116-3139 e227de08"],
  mem_cgroup_alloc: ["mm/memcontrol.c:5282-5347 4ed208b0", "mm/memcontrol.c:3507-3582 3dfe3246"],
  mem_cgroup_css_alloc: [
    "mm/memcontrol.c:5349-5390 afce759c",
    "mm/memcontrol.c:3584-3633 afce759c",
  ],
  mem_cgroup_css_online: [
    "mm/memcontrol.c:5392-5420 0d9e7c02",
    "mm/memcontrol.c:3635-3677 4d4ed650",
  ],
  mem_cgroup_css_offline: [
    "mm/memcontrol.c:5422-5449 51ad536d",
    "mm/memcontrol.c:3679-3698 51ad536d",
  ],
  mem_cgroup_css_free: ["mm/memcontrol.c:5458-5478 e7733139", "mm/memcontrol.c:3708-3731 e109000d"],
  mem_cgroup_init: ["mm/memcontrol.c:7308-7340 97f3e70a", "mm/memcontrol.c:4950-4970 97f3e70a"],
  mem_cgroup_alloc_id: ["mm/memcontrol.c:5151-5162 066db7df", null],
  mem_cgroup_id_remove: [
    "mm/memcontrol.c:5164-5173 1d5d75c8",
    "mm/memcontrol.c:3381-3387 1d5d75c8",
  ],
  mem_cgroup_id_put_many: [
    "mm/memcontrol.c:5181-5189 c9c61f39",
    "mm/memcontrol.c:3395-3403 c9c61f39",
  ],
  mem_cgroup_from_id: ["mm/memcontrol.c:5202-5206 b665fd9e", "mm/memcontrol.c:3416-3420 b665fd9e"],
  mem_cgroup_id_get_online: [
    "mm/memcontrol.c:7344-7360 5d070ffa",
    "mm/memcontrol.c:4974-4990 5d070ffa",
  ],
  mem_cgroup_try_charge_swap: [
    "mm/memcontrol.c:7439-7478 __mem_cgroup_try_charge_swap 16ea2a55",
    "mm/memcontrol.c:5060-5099 __mem_cgroup_try_charge_swap 16ea2a55",
  ],
  mem_cgroup_uncharge_swap: [
    "mm/memcontrol.c:7485-7507 __mem_cgroup_uncharge_swap 6d622dac",
    "mm/memcontrol.c:5106-5125 __mem_cgroup_uncharge_swap 6d622dac",
  ],
  obj_cgroup_tryget: [
    "include/linux/memcontrol.h:777-780 a87100c4",
    "include/linux/memcontrol.h:817-820 a87100c4",
  ],
  obj_cgroup_get: [
    "include/linux/memcontrol.h:782-785 e0f7ccac",
    "include/linux/memcontrol.h:822-825 e0f7ccac",
  ],
  obj_cgroup_put: [
    "include/linux/memcontrol.h:793-796 ca97acdb",
    "include/linux/memcontrol.h:833-837 ca97acdb",
  ],
  obj_cgroup_memcg: [
    "include/linux/memcontrol.h:365-368 4f27fe3a",
    "include/linux/memcontrol.h:382-386 4f27fe3a",
  ],
  obj_cgroup_release: ["mm/memcontrol.c:259-299 1ff23e0b", "mm/memcontrol.c:130-170 1ff23e0b"],
  obj_cgroup_alloc: ["mm/memcontrol.c:301-318 72393e7b", "mm/memcontrol.c:172-189 72393e7b"],
  memcg_reparent_objcgs: ["mm/memcontrol.c:320-340 4e3301ba", "mm/memcontrol.c:191-211 4e3301ba"],
  get_obj_cgroup_from_current: [
    "mm/memcontrol.c:3011-3027 5050c3c9",
    "include/linux/memcontrol.h:1762-1770 6dfd8fc4",
  ],
  consume_obj_stock: [
    "mm/memcontrol.c:3222-3239 74dc5ca2",
    "mm/memcontrol.c:2775-2792 74dc5ca2",
    "mm/memcontrol.c 18c9f6f4",
  ],
  drain_obj_stock: [
    "mm/memcontrol.c:3241-3302 628fcdfa",
    "mm/memcontrol.c:2794-2856 628fcdfa",
    "mm/memcontrol.c 1fa7500b",
  ],
  obj_stock_flush_required: [
    "mm/memcontrol.c:3304-3317 f4360422",
    "mm/memcontrol.c:2858-2871 f4360422",
    "mm/memcontrol.c f280d619",
  ],
  refill_obj_stock: [
    "mm/memcontrol.c:3319-3351 7a7c93c0",
    "mm/memcontrol.c:2873-2904 7a7c93c0",
    "mm/memcontrol.c 42573a2c",
  ],
  obj_cgroup_charge: [
    "mm/memcontrol.c:3353-3395 318bdd7d",
    "mm/memcontrol.c:2906-2948 318bdd7d",
    "mm/memcontrol.c 63cdb5e2",
  ],
  obj_cgroup_uncharge: [
    "mm/memcontrol.c:3397-3400 08196224",
    "mm/memcontrol.c:2950-2953 08196224",
    "mm/memcontrol.c e102c1e7",
  ],
  mem_cgroup_is_descendant: [
    "include/linux/memcontrol.h:860-866 4a8ac9ba",
    "include/linux/memcontrol.h:910-916 4a8ac9ba",
  ],
  consume_stock: [
    "mm/memcontrol.c:2226-2246 07483133",
    "mm/memcontrol.c:1735-1757 e88009a9",
    "mm/memcontrol.c 25efd134",
  ],
  drain_stock: [
    "mm/memcontrol.c:2251-2267 709af68f",
    "mm/memcontrol.c:1762-1780 5a6cd05d",
    "mm/memcontrol.c 8552bfa4",
  ],
  drain_local_stock: ["mm/memcontrol.c:2269-2290 dddc6d33", "mm/memcontrol.c:1782-1802 dddc6d33"],
  refill_stock: [
    "mm/memcontrol.c:2312-2319 45ca174d",
    "mm/memcontrol.c:1826-1833 45ca174d",
    "mm/memcontrol.c d7dea37a",
  ],
  drain_all_stock: [
    "mm/memcontrol.c:2325-2364 0e3e00fb",
    "mm/memcontrol.c:1839-1878 20f80c89",
    "mm/memcontrol.c 593bd4f1",
  ],
  memcg_hotplug_cpu_dead: [
    "mm/memcontrol.c:2366-2374 d3fc0ec9",
    "mm/memcontrol.c:1880-1897 26e6815e",
    "mm/memcontrol.c 222c709e",
  ],
  try_charge: ["mm/memcontrol.c:2820-2827 20452118", "mm/memcontrol-v1.h:13-20 20452118"],
  __memcg_kmem_charge_page: [
    "mm/memcontrol.c:3118-3134 6f67ca79",
    "mm/memcontrol.c:2672-2688 98dc6e35",
    "mm/memcontrol.c 98dc6e35",
  ],
  __memcg_kmem_uncharge_page: [
    "mm/memcontrol.c:3141-3154 44f20de6",
    "mm/memcontrol.c:2695-2708 44f20de6",
    "mm/memcontrol.c 44f20de6",
  ],
  mem_cgroup_resize_max: [
    "mm/memcontrol.c:3465-3517 be257e74",
    "mm/memcontrol-v1.c:2331-2383 be257e74",
  ],
  page_counter_cancel: ["mm/page_counter.c:49-61 37dffa33", "mm/page_counter.c:54-67 37dffa33"],
  page_counter_charge: ["mm/page_counter.c:70-86 ac7da357", "mm/page_counter.c:76-107 ac7da357"],
  page_counter_try_charge: [
    "mm/page_counter.c:97-146 d12b96ae",
    "mm/page_counter.c:118-170 d12b96ae",
  ],
  page_counter_uncharge: [
    "mm/page_counter.c:153-159 1b2d4b7f",
    "mm/page_counter.c:177-183 1b2d4b7f",
  ],
  page_counter_set_max: [
    "mm/page_counter.c:171-201 cd58f217",
    "mm/page_counter.c:195-225 cd58f217",
  ],
  percpu_ref_init: [
    "lib/percpu-refcount.c:63-105 4e41ece8",
    "lib/percpu-refcount.c:63-105 4e41ece8",
  ],
  percpu_ref_exit: [
    "lib/percpu-refcount.c:130-147 2fe13494",
    "lib/percpu-refcount.c:130-147 2fe13494",
  ],
  percpu_ref_get_many: [
    "include/linux/percpu-refcount.h:198-210 dc77c7f2",
    "include/linux/percpu-refcount.h:198-210 dc77c7f2",
  ],
  percpu_ref_tryget_many: [
    "include/linux/percpu-refcount.h:235-253 70f2c7ac",
    "include/linux/percpu-refcount.h:235-253 70f2c7ac",
  ],
  percpu_ref_tryget: [
    "include/linux/percpu-refcount.h:264-267 89871366",
    "include/linux/percpu-refcount.h:264-267 89871366",
  ],
  percpu_ref_tryget_live: [
    "include/linux/percpu-refcount.h:306-314 2250e725",
    "include/linux/percpu-refcount.h:306-314 2250e725",
  ],
  percpu_ref_put_many: [
    "include/linux/percpu-refcount.h:326-338 9d52cbff",
    "include/linux/percpu-refcount.h:326-338 9d52cbff",
  ],
  percpu_ref_switch_to_atomic_rcu: [
    "lib/percpu-refcount.c:167-207 e051be7f",
    "lib/percpu-refcount.c:167-207 e051be7f",
  ],
  percpu_ref_noop_confirm_switch: [
    "lib/percpu-refcount.c:209-211 2b326af2",
    "lib/percpu-refcount.c:209-211 2b326af2",
  ],
  percpu_ref_switch_to_atomic: [
    "lib/percpu-refcount.c:305-316 39c08211",
    "lib/percpu-refcount.c:306-317 39c08211",
  ],
  percpu_ref_switch_to_percpu: [
    "lib/percpu-refcount.c:352-362 a3378df7",
    "lib/percpu-refcount.c:353-363 a3378df7",
  ],
  percpu_ref_kill_and_confirm: [
    "lib/percpu-refcount.c:382-398 22724d60",
    "lib/percpu-refcount.c:383-399 22724d60",
  ],
  percpu_ref_is_zero: [
    "lib/percpu-refcount.c:409-426 5152d8e9",
    "lib/percpu-refcount.c:410-427 5152d8e9",
  ],
  percpu_ref_resurrect: [
    "lib/percpu-refcount.c:462-477 b4f9d22b",
    "lib/percpu-refcount.c:463-478 b4f9d22b",
  ],
  percpu_ref_reinit: [
    "lib/percpu-refcount.c:440-445 22bd3a25",
    "lib/percpu-refcount.c:441-446 22bd3a25",
  ],
  refcount_warn_saturate: ["lib/refcount.c:13-36 3fd95c57", "lib/refcount.c:13-36 3fd95c57"],
  refcount_dec_not_one: ["lib/refcount.c:74-94 cafb6b3f", "lib/refcount.c:74-94 cafb6b3f"],
  cgroup_attach_task: [
    "kernel/cgroup/cgroup.c:2932-2962 c9a43389",
    "kernel/cgroup/cgroup.c:2946-2976 8ca5fb90",
  ],
  __put_task_struct: ["kernel/fork.c:850-865 668c0838", "kernel/fork.c:992-1008 668c0838"],
  delayed_put_task_struct: ["kernel/exit.c:223-232 4dc96c15", "kernel/exit.c:225-234 4dc96c15"],
  cgroup_procs_write: [
    "kernel/cgroup/cgroup.c:5194-5239 __cgroup_procs_write 17c8130d",
    "kernel/cgroup/cgroup.c:5273-5318 __cgroup_procs_write 17c8130d",
  ],
  cgroup_exit: [
    "kernel/cgroup/cgroup.c:6744-6772 919d3a79",
    "kernel/cgroup/cgroup.c:6882-6912 d90f9bc5",
  ],
  cgroup_release: [
    "kernel/cgroup/cgroup.c:6774-6787 04583c2f",
    "kernel/cgroup/cgroup.c:6914-6929 04583c2f",
  ],
  cgroup_free: [
    "kernel/cgroup/cgroup.c:6789-6793 05a72e2f",
    "kernel/cgroup/cgroup.c:6931-6935 05a72e2f",
  ],
  cgroup_do_freeze: [
    "kernel/cgroup/freezer.c:177-216 c26456cd",
    "kernel/cgroup/freezer.c:177-216 c26456cd",
  ],
  cgroup_freeze_task: [
    "kernel/cgroup/freezer.c:155-172 713b63b6",
    "kernel/cgroup/freezer.c:155-172 713b63b6",
  ],
  cgroup_freezer_migrate_task: [
    "kernel/cgroup/freezer.c:222-258 9307a3cd",
    "kernel/cgroup/freezer.c:222-258 9307a3cd",
  ],
  exit_signals: ["kernel/signal.c:2971-3019 74e287e3", "kernel/signal.c:3027-3077 74e287e3"],
  release_task: ["kernel/exit.c:244-292 fcbdedd8", "kernel/exit.c:246-293 fcbdedd8"],
  memcg_slab_post_alloc_hook: ["mm/slab.h:516-549 8b9ebb3a", null],
  memcg_slab_free_hook: [
    "mm/slab.h:551-579 fd63f245",
    "mm/memcontrol.c:3026-3044 __memcg_slab_free_hook fd63f245",
    "mm/memcontrol.c __memcg_slab_free_hook d7eaf418",
  ],
  current_objcg_update: [null, "mm/memcontrol.c:2499-2548 e71a07e2", "mm/memcontrol.c e71a07e2"],
  mem_cgroup_kmem_attach: [null, "mm/memcontrol.c:3917-3926 f7205abc"],
  mem_cgroup_exit: [null, "mm/memcontrol.c:3878-3893 3c775a59"],
  memcg_kmem_bypass: ["mm/memcontrol.c:1047-1058 c79f3e30", null],
  mod_objcg_mlstate: [
    "mm/memcontrol.c:2867-2879 ad303fe4",
    "mm/memcontrol.c:2420-2432 __mod_objcg_mlstate ad303fe4",
  ],
  __refill_stock: ["mm/memcontrol.c:2296-2310 bf6699ea", "mm/memcontrol.c:1808-1824 a0706ba7"],
  try_charge_memcg: [
    "mm/memcontrol.c:2630-2818 a2344f83",
    "mm/memcontrol.c:2169-2376 a2344f83",
    "mm/memcontrol.c 58436bf2",
  ],
  get_mem_cgroup_from_objcg: [
    "include/linux/memcontrol.h:516-528 79a9701d",
    "include/linux/memcontrol.h:550-562 79a9701d",
  ],
  obj_cgroup_uncharge_pages: [
    "mm/memcontrol.c:3070-3081 30890e39",
    "mm/memcontrol.c:2622-2634 30890e39",
    "mm/memcontrol.c f17a8b6b",
  ],
  obj_cgroup_charge_pages: [
    "mm/memcontrol.c:3091-3108 7808c517",
    "mm/memcontrol.c:2644-2662 7808c517",
    "mm/memcontrol.c 7808c517",
  ],
  current_obj_cgroup: [null, "mm/memcontrol.c:2550-2591 1cdba1c7", "mm/memcontrol.c 1cdba1c7"],
  __get_obj_cgroup_from_memcg: [
    "mm/memcontrol.c:2998-3009 aece543b",
    "mm/memcontrol.c:2486-2497 aece543b",
  ],
  mod_memcg_lruvec_state: ["include/linux/memcontrol.h:1045-1053 09d064d0", null],
  mod_objcg_state: ["mm/memcontrol.c:3156-3220 164386a7", "mm/memcontrol.c:2710-2773 164386a7"],
  kmem_cache_alloc_node: [
    "mm/slab.h:477-514 memcg_slab_pre_alloc_hook cf7ab34b",
    "mm/memcontrol.c:2964-3024 __memcg_slab_post_alloc_hook 6ffc5e77",
    "mm/memcontrol.c __memcg_slab_post_alloc_hook 6ffc5e77",
  ],
  drain_stock_fully: [null, null, "mm/memcontrol.c 0cbe6ae4"],
  drain_local_memcg_stock: [null, null, "mm/memcontrol.c b56c0148"],
  drain_local_obj_stock: [null, null, "mm/memcontrol.c c002df88"],
  is_memcg_drain_needed: [null, null, "mm/memcontrol.c 8a3c9167"],
  __account_obj_stock: [null, null, "mm/memcontrol.c b1ef957d"],
  obj_cgroup_charge_account: [null, null, "mm/memcontrol.c f56fb7c0"],
  memcg_uncharge: [null, null, "mm/memcontrol.c f6625a60"],
};
