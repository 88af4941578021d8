/** Cases of the suite that do not apply to the model, and why. */
import type { Inapplicable } from "../table.ts";

const RT_MUTEX = "no rt_mutex is modelled: nothing here takes one, and there are no priorities";
const WW_MUTEX = "no ww_mutex is modelled: only graphics drivers and the like take them";
const FS_RECLAIM = "fs_reclaim is no lock here: reclaim frees nothing in the model";

/** The cases of the rtmutex column. */
const RT = [
  "A-A deadlock",
  "A-B-B-A deadlock",
  "A-B-B-C-C-A deadlock",
  "A-B-C-A-B-C deadlock",
  "A-B-B-C-C-D-D-A deadlock",
  "A-B-C-D-B-D-D-A deadlock",
  "A-B-C-D-B-C-D-A deadlock",
  "double unlock",
  "initialize held",
];

const WW = [
  "ww api failures: ww_test_fail_acquire",
  "ww api failures: ww_test_normal",
  "ww api failures: ww_test_unneeded_slow",
  "ww contexts mixing: ww_test_two_contexts",
  "ww contexts mixing: ww_test_diff_class",
  "finishing ww context: ww_test_context_done_twice",
  "finishing ww context: ww_test_context_unlock_twice",
  "finishing ww context: ww_test_context_fini_early",
  "finishing ww context: ww_test_context_lock_after_done",
  "locking mismatches: ww_test_object_unlock_twice",
  "locking mismatches: ww_test_object_lock_unbalanced",
  "locking mismatches: ww_test_object_lock_stale_context",
  "EDEADLK handling: ww_test_edeadlk_normal",
  "EDEADLK handling: ww_test_edeadlk_normal_slow",
  "EDEADLK handling: ww_test_edeadlk_no_unlock",
  "EDEADLK handling: ww_test_edeadlk_no_unlock_slow",
  "EDEADLK handling: ww_test_edeadlk_acquire_more",
  "EDEADLK handling: ww_test_edeadlk_acquire_more_slow",
  "EDEADLK handling: ww_test_edeadlk_acquire_more_edeadlk",
  "EDEADLK handling: ww_test_edeadlk_acquire_more_edeadlk_slow",
  "EDEADLK handling: ww_test_edeadlk_acquire_wrong",
  "EDEADLK handling: ww_test_edeadlk_acquire_wrong_slow",
  "spinlock nest unlocked: ww_test_spin_nest_unlocked",
  "spinlock nest test: ww_test_spin_nest_lock",
  "context: ww_test_context_block",
  "context: ww_test_context_try",
  "context: ww_test_context_context",
  "try: ww_test_try_block",
  "try: ww_test_try_try",
  "try: ww_test_try_context",
  "block: ww_test_block_block",
  "block: ww_test_block_try",
  "block: ww_test_block_context",
  "spinlock: ww_test_spin_block",
  "spinlock: ww_test_spin_try",
  "spinlock: ww_test_spin_context",
];

const RECLAIM = ["correct nesting", "wrong nesting", "protected nesting"];

export const inapplicable: readonly Inapplicable[] = [
  ...RT.map((name) => ({ name: `${name} rtmutex`, reason: RT_MUTEX })),
  ...WW.map((name) => ({ name, reason: WW_MUTEX })),
  ...RECLAIM.map((name) => ({ name: `fs_reclaim ${name}`, reason: FS_RECLAIM })),
];
