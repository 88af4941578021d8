/**
 * memory.use_hierarchy, and the hierarchy that has it — mm/memcontrol.c, kernel/cgroup/cgroup-v1.c.
 *
 * On a cgroup1 hierarchy the controller can be told not to be hierarchical, until bef8620cd8e0 (v5.11):
 * a cgroup that is made then is accounted below none of those it is in. Its root begins so.
 *
 * MODEL: the controller is on the default hierarchy, where use_hierarchy is always set, until a program
 * mounts it elsewhere. Nobody changes the field there, so it is no access to shared memory. Of the mount
 * there is only what happens to the controller, and it happens at boot.
 *
 * @module
 */
import { READ_ONCE } from "../machine/memory/access.ts";
import { kernel } from "../machine/calls/registry.ts";
import { offsetOf, peek, poke } from "../machine/memory/peek.ts";
import { container_of, statics } from "../machine/memory/struct.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { cgroup_mutex } from "./cgroup.ts";
import { EBUSY, EINVAL } from "./errno.ts";
import { mem_cgroup, root_mem_cgroup } from "./memcontrol-types.ts";
import type { page_counter } from "./page_counter.ts";
import { rcu_read_lock, rcu_read_unlock } from "./rcu.ts";
import { mutex_lock, mutex_unlock } from "./spinlock.ts";
import { has } from "./version.ts";

/** cgroup_subsys_on_dfl(memory_cgrp_subsys), the other way round. It is a static branch, not data. */
interface memory_subsys_key extends Struct, Fields<{ cgroup1: number }> {}
const key = statics<memory_subsys_key>("memory_cgrp_subsys_key", { cgroup1: int }, 1)[0];
const CGROUP1 = offsetOf(key.type, "cgroup1");
/** bef8620cd8e0 (v5.11) removes the field. */
const modes = !has("bef8620cd8e0");
const USE_HIERARCHY = modes ? offsetOf(mem_cgroup, "use_hierarchy") : -1;

/** !cgroup_subsys_on_dfl(memory_cgrp_subsys) */
export function on_cgroup1(): boolean {
  return peek(key, CGROUP1) !== 0;
}

/** memcg->use_hierarchy */
export function use_hierarchy(memcg: mem_cgroup): boolean {
  return !on_cgroup1() || memcg.use_hierarchy !== 0;
}

/** memcg->use_hierarchy = true, of a memcg that nobody else sees yet. */
export function set_use_hierarchy(memcg: mem_cgroup): void {
  if (on_cgroup1()) memcg.use_hierarchy = 1;
  else poke(memcg, USE_HIERARCHY, 1);
}

/** memcg_has_children(), dead or alive: css_next_child(NULL, css) is the first on the list. */
function memcg_has_children(memcg: mem_cgroup): boolean {
  rcu_read_lock();
  const ret = READ_ONCE(memcg.css.children.$next) !== memcg.css.children;
  rcu_read_unlock();
  return ret;
}

/**
 * Of mem_cgroup_css_alloc(): whether the new memcg is hierarchical, and the counter above its own.
 *
 * It is apart because 8de15e920dc8 (v5.10) and bef8620cd8e0 (v5.11) change this and nothing else of the
 * function, which patches for other reasons replace, too. Context: cgroup_mutex.
 */
export const mem_cgroup_inherit_hierarchy = kernel(
  "mem_cgroup_inherit_hierarchy",
  (memcg: mem_cgroup, parent: mem_cgroup | null): page_counter | null => {
    if (!parent || !use_hierarchy(parent)) return null;
    set_use_hierarchy(memcg);
    return parent.memory;
  },
  { inline: true },
);

/**
 * mem_cgroup_hierarchy_write(): 0 or 1 to memory.use_hierarchy. It holds no lock, so that a child can
 * be made between the look at the children and the store. Context: task; a file operation.
 */
export const mem_cgroup_hierarchy_write = kernel(
  "mem_cgroup_hierarchy_write",
  (memcg: mem_cgroup, val: number): number => {
    const css = memcg.css.parent;
    const parent = css ? container_of(css, mem_cgroup) : null;
    if (memcg.use_hierarchy === val) return 0;
    if ((parent && parent.use_hierarchy) || (val !== 0 && val !== 1)) return -EINVAL;
    if (memcg_has_children(memcg)) return -EBUSY;
    memcg.use_hierarchy = val;
    return 0;
  },
);

/** mem_cgroup_bind(), until bef8620cd8e0 (v5.11). Context: cgroup_mutex; or boot. */
export function mem_cgroup_bind(): void {
  if (modes) root_mem_cgroup().use_hierarchy = on_cgroup1() ? 0 : 1;
}

/**
 * cgroup1_get_tree() for the memory controller (mount -t cgroup -o memory): rebind_subsystems() takes it
 * from the default hierarchy, if no cgroup there has it but the root. Context: boot.
 */
export function mount_cgroup1(): number {
  mutex_lock(cgroup_mutex);
  let ret = 0;
  if (!on_cgroup1()) { // else that hierarchy is mounted once more
    if (memcg_has_children(root_mem_cgroup())) {
      ret = -EBUSY;
    } else {
      key.cgroup1 = 1;
      mem_cgroup_bind();
    }
  }
  mutex_unlock(cgroup_mutex);
  return ret;
}
