/**
 * Work queues of css destruction — kernel/cgroup/cgroup.c.
 *
 * @module
 */
import { alloc_workqueue } from "./workqueue.ts";

/** A css is destroyed in steps, one after the other: cgroup_mutex serialises them anyway. */
export const cgroup_destroy_wq = alloc_workqueue("cgroup_destroy_wq", 1);
/**
 * Queues for each step, since 79f919a89c9d (v6.18): a step that waits for another css's step does not
 * keep it back.
 */
export const cgroup_offline_wq = alloc_workqueue("cgroup_offline_wq", 1);
export const cgroup_release_wq = alloc_workqueue("cgroup_release_wq", 1);
export const cgroup_free_wq = alloc_workqueue("cgroup_free_wq", 1);
