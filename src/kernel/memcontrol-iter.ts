/**
 * Walking over all cgroups — mm/memcontrol.c, kernel/cgroup/cgroup.c.
 *
 * MODEL: serial numbers, which tell where a walk goes on after a css that has left the list, are the
 * places of the objects in memory: none is used twice in an execution.
 *
 * @module
 */
import { READ_ONCE } from "../machine/memory/access.ts";
import { kernel } from "../machine/calls/registry.ts";
import { container_of } from "../machine/memory/struct.ts";
import { CSS_RELEASED } from "./cgroup-defs.ts";
import { cgroup_subsys_state, css_put, css_tryget } from "./cgroup.ts";
import type { list_head } from "./list.ts";
import { mem_cgroup, root_mem_cgroup } from "./memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "./rcu.ts";

type css = cgroup_subsys_state;

/** css_next_child() Context: rcu_read_lock(). */
function css_next_child(pos: css | null, parent: css): css | null {
  let next: list_head;
  if (!pos) {
    next = READ_ONCE(parent.children.$next)!;
  } else if (!(pos.flags & CSS_RELEASED)) {
    next = READ_ONCE(pos.sibling.$next)!;
  } else {
    // It has left the list, and so may have the next one: go on with the first that is younger.
    const younger = (head: list_head) => container_of(head, cgroup_subsys_state).a > pos.a;
    next = READ_ONCE(parent.children.$next)!;
    while (next !== parent.children && !younger(next)) next = READ_ONCE(next.$next)!;
  }
  return next === parent.children ? null : container_of(next, cgroup_subsys_state);
}

/** css_next_descendant_pre(): parents before children. Context: rcu_read_lock(). */
export function css_next_descendant_pre(pos: css | null, root: css): css | null {
  if (!pos) return root;
  const child = css_next_child(null, pos);
  if (child) return child;
  for (; pos !== root; pos = pos.parent!) {
    const next = css_next_child(pos, pos.parent!);
    if (next) return next;
  }
  return null;
}

/**
 * mem_cgroup_iter(): the cgroup after `prev` in the subtree of `root`, with a reference, or NULL after the
 * last. The reference to `prev` is dropped. Context: any; the caller keeps `root`.
 */
export const mem_cgroup_iter = kernel(
  "mem_cgroup_iter",
  (root: mem_cgroup, prev: mem_cgroup | null): mem_cgroup | null => {
    rcu_read_lock();
    let pos = css_next_descendant_pre(prev ? prev.css : null, root.css);
    while (pos && pos !== root.css && !css_tryget(pos)) {
      pos = css_next_descendant_pre(pos, root.css);
    }
    rcu_read_unlock();
    if (prev && prev !== root) css_put(prev.css);
    return pos ? container_of(pos, mem_cgroup) : null;
  },
);

/** for_each_mem_cgroup_tree(), to the end. Context: as for mem_cgroup_iter(). */
export function for_each_mem_cgroup_tree(root: mem_cgroup, f: (memcg: mem_cgroup) => void): void {
  let memcg = mem_cgroup_iter(root, null);
  for (; memcg; memcg = mem_cgroup_iter(root, memcg)) f(memcg);
}

/** for_each_mem_cgroup(), to the end. Context: any. */
export function for_each_mem_cgroup(f: (memcg: mem_cgroup) => void): void {
  for_each_mem_cgroup_tree(root_mem_cgroup(), f);
}
