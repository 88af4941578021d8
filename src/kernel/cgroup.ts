/**
 * The life of a css — kernel/cgroup/cgroup.c, include/linux/cgroup.h.
 *
 * alloc → online → kill → confirm (after a grace period) → offline (in a work item) → release (at
 * the last put, in a work item) → free (in a work item, after another grace period).
 *
 * MODEL: one hierarchy with one controller. The cgroup directory and its css are one object.
 * kernfs, rstat and the cgroup's own references are left out.
 *
 * @module
 */
import {
  atomic_dec_and_test,
  atomic_inc,
  atomic_set,
  READ_ONCE,
} from "../machine/memory/access.ts";
import { block } from "../machine/hooks/mode.ts";
import * as waitWords from "../machine/layout/waits.ts";
import { offsetOf, peek, poke } from "../machine/memory/peek.ts";
import { kernel } from "../machine/calls/registry.ts";
import { isLive } from "../machine/memory/slab.ts";
import { container_of, statics, struct } from "../machine/memory/struct.ts";
import { outermost } from "../machine/memory/objects.ts";
import {
  embed,
  type Fields,
  flags,
  type Fn,
  fn,
  int,
  type Ptr,
  ptr,
  type Struct,
} from "../machine/memory/struct_type.ts";
import { EBUSY, ENODEV, ENOMEM, GFP_KERNEL, IS_ERR } from "./errno.ts";
import { INIT_LIST_HEAD, list_add_tail, list_del_rcu, list_empty, list_head } from "./list.ts";
import {
  percpu_ref,
  percpu_ref_exit,
  percpu_ref_get_many,
  percpu_ref_init,
  percpu_ref_is_dying,
  percpu_ref_kill_and_confirm,
  percpu_ref_put_many,
  percpu_ref_tryget,
  percpu_ref_tryget_live,
} from "./percpu-refcount.ts";
import { kmalloc_may_fail } from "./slab.ts";
import { DEFINE_MUTEX, DEFINE_SPINLOCK, mutex_lock, mutex_unlock } from "./spinlock.ts";
import { INIT_WORK, queue_rcu_work, queue_work, rcu_work, work_struct } from "./workqueue.ts";
import * as cssDefs from "./cgroup-defs.ts";
import { has } from "./version.ts";
import { cgroup_destroy_wq } from "./cgroup-wq.ts";

const { WAIT_LOCK } = waitWords;
const { CGRP_FREEZE, CSS_DYING, CSS_NO_REF, CSS_ONLINE, CSS_RELEASED } = cssDefs;

/** struct cgroup_subsys_state, with the fields of struct cgroup that the model needs. */
export interface cgroup_subsys_state extends
  Struct,
  Fields<{
    parent: Ptr<cgroup_subsys_state>;
    flags: number;
    /** protected by cgroup_mutex for writing */
    online_cnt: number;
    /** cgroup->flags; protected by css_set_lock */
    cgrp_flags: number;
    /** tasks inside; protected by css_set_lock (cgroup->nr_populated_csets) */
    nr_populated: number;
    /** kernfs active references: file operations in flight */
    kn_active: number;
    refcnt: percpu_ref;
    /** protected by cgroup_mutex for writing, RCU for reading */
    sibling: list_head;
    children: list_head;
    destroy_work: work_struct;
    destroy_rwork: rcu_work;
    /** since 93618edf7538 (v7.1): CSS_ONLINE is gone from cgroup->self; written under cgroup_mutex */
    self_offline: number;
    /** children with tasks inside or below (cgroup->nr_populated_domain_children); css_set_lock */
    nr_populated_children: number;
    finish_destroy_work: work_struct;
  }> {}
export const cgroup_subsys_state = struct<cgroup_subsys_state>("cgroup_subsys_state", {
  parent: ptr,
  flags: flags({ CSS_NO_REF, CSS_ONLINE, CSS_RELEASED, CSS_DYING }),
  online_cnt: int,
  cgrp_flags: flags({ CGRP_FREEZE }),
  nr_populated: int,
  kn_active: int,
  refcnt: embed(percpu_ref),
  sibling: embed(list_head),
  children: embed(list_head),
  destroy_work: embed(work_struct),
  destroy_rwork: embed(rcu_work),
  ...(has("93618edf7538")
    ? {
      self_offline: int,
      nr_populated_children: int,
      finish_destroy_work: embed(work_struct),
    }
    : {}),
});

export const cgroup_mutex = DEFINE_MUTEX("cgroup_mutex");
export const css_set_lock = DEFINE_SPINLOCK("css_set_lock");

const FLAGS = offsetOf(cgroup_subsys_state, "flags");
const KN_ACTIVE = offsetOf(cgroup_subsys_state, "kn_active");

/** struct cgroup_subsys: the controller's callbacks. */
interface cgroup_subsys extends
  Struct,
  Fields<
    { css_alloc: Fn | null; css_online: Fn | null; css_offline: Fn | null; css_free: Fn | null }
  > {
}
export const memory_cgrp_subsys = statics<cgroup_subsys>("memory_cgrp_subsys", {
  css_alloc: fn,
  css_online: fn,
  css_offline: fn,
  css_free: fn,
}, 1)[0];
const ss = memory_cgrp_subsys;

/** The controller's callbacks. They are set once, at boot. */
export function cgroup_init_subsys(
  css_alloc: Fn,
  css_online: Fn | null,
  css_offline: Fn | null,
  css_free: Fn,
): void {
  ss.css_alloc = css_alloc;
  ss.css_online = css_online;
  ss.css_offline = css_offline;
  ss.css_free = css_free;
}

/** css_get() Context: any; the caller knows that somebody owns a reference. */
export const css_get = kernel("css_get", (css: cgroup_subsys_state): void => {
  if (!(css.flags & CSS_NO_REF)) percpu_ref_get_many(css.refcnt, 1);
}, { inline: true });

/** css_tryget(): fails only if the count is zero. Context: the css cannot be freed, e.g. by RCU. */
export const css_tryget = kernel("css_tryget", (css: cgroup_subsys_state): boolean => {
  if (!(css.flags & CSS_NO_REF)) return percpu_ref_tryget(css.refcnt);
  return true;
}, { inline: true });

/** css_tryget_online(): fails from the kill on. Context: rcu_read_lock(). */
export const css_tryget_online = kernel(
  "css_tryget_online",
  (css: cgroup_subsys_state): boolean => {
    if (!(css.flags & CSS_NO_REF)) return percpu_ref_tryget_live(css.refcnt);
    return true;
  },
  { inline: true },
);

/** css_put() Context: any. */
export const css_put = kernel("css_put", (css: cgroup_subsys_state): void => {
  if (!(css.flags & CSS_NO_REF)) percpu_ref_put_many(css.refcnt, 1);
}, { inline: true });

/** css_is_dying() */
export function css_is_dying(css: cgroup_subsys_state): boolean {
  return !(css.flags & CSS_NO_REF) && percpu_ref_is_dying(css.refcnt);
}

/** css_free_rwork_fn(): after the last grace period. Context: kworker. */
export const css_free_rwork_fn = kernel("css_free_rwork_fn", (work: work_struct): void => {
  const css = container_of(container_of(work, rcu_work), cgroup_subsys_state);
  percpu_ref_exit(css.refcnt);
  const parent = css.parent;
  ss.css_free!(css);
  if (parent) css_put(parent);
});

/** css_release_work_fn() Context: kworker. */
export const css_release_work_fn = kernel("css_release_work_fn", (work: work_struct): void => {
  const css = container_of(work, cgroup_subsys_state);
  mutex_lock(cgroup_mutex);
  css.flags |= CSS_RELEASED;
  list_del_rcu(css.sibling);
  mutex_unlock(cgroup_mutex);
  INIT_WORK(css.destroy_rwork.work, css_free_rwork_fn);
  queue_rcu_work(cgroup_destroy_wq, css.destroy_rwork);
});

/** css_release(): the last reference is gone. Context: any. */
export const css_release = kernel("css_release", (ref: percpu_ref): void => {
  const css = container_of(ref, cgroup_subsys_state);
  INIT_WORK(css.destroy_work, css_release_work_fn);
  queue_work(cgroup_destroy_wq, css.destroy_work);
});

/** init_and_link_css() Context: cgroup_mutex. */
export const init_and_link_css = kernel(
  "init_and_link_css",
  (css: cgroup_subsys_state, parent: cgroup_subsys_state | null): void => {
    css.flags = 0;
    css.nr_populated = 0;
    INIT_LIST_HEAD(css.sibling);
    INIT_LIST_HEAD(css.children);
    atomic_set(css.$online_cnt, 0);
    css.parent = parent;
    if (parent) css_get(parent);
  },
);

/** online_css() Context: cgroup_mutex. */
export const online_css = kernel("online_css", (css: cgroup_subsys_state): number => {
  const ret = ss.css_online ? ss.css_online(css) as number : 0;
  if (ret) return ret;
  css.flags |= CSS_ONLINE;
  atomic_inc(css.$online_cnt);
  if (css.parent) atomic_inc(css.parent.$online_cnt);
  return 0;
});

/** offline_css() Context: cgroup_mutex. */
export const offline_css = kernel("offline_css", (css: cgroup_subsys_state): void => {
  if (!(css.flags & CSS_ONLINE)) return;
  if (ss.css_offline) ss.css_offline(css);
  css.flags &= ~CSS_ONLINE;
});

/** css_create(): a css, or an error. Context: cgroup_mutex; may sleep. */
export const css_create = kernel(
  "css_create",
  (parent: cgroup_subsys_state): cgroup_subsys_state | number => {
    const css = ss.css_alloc!(parent) as cgroup_subsys_state | number;
    if (IS_ERR(css)) return css;
    init_and_link_css(css, parent);
    let err = percpu_ref_init(css.refcnt, css_release, 0, GFP_KERNEL);
    if (!err && !kmalloc_may_fail(GFP_KERNEL)) err = -ENOMEM; // cgroup_idr_alloc()
    if (!err) {
      list_add_tail(css.sibling, parent.children);
      err = online_css(css);
      if (!err) return css;
      list_del_rcu(css.sibling);
    }
    INIT_WORK(css.destroy_rwork.work, css_free_rwork_fn);
    queue_rcu_work(cgroup_destroy_wq, css.destroy_rwork);
    return err;
  },
);

/**
 * css_killed_work_fn(): offline the css, and ancestors that waited only for it. Context: kworker.
 */
export const css_killed_work_fn = kernel("css_killed_work_fn", (work: work_struct): void => {
  let css: cgroup_subsys_state | null = container_of(work, cgroup_subsys_state);
  mutex_lock(cgroup_mutex);
  do {
    offline_css(css);
    css_put(css);
    css = css.parent; // the child holds a reference to it
  } while (css && atomic_dec_and_test(css.$online_cnt));
  mutex_unlock(cgroup_mutex);
});

/** css_killed_ref_fn(): every CPU sees that the css is dying. Context: softirq. */
export const css_killed_ref_fn = kernel("css_killed_ref_fn", (ref: percpu_ref): void => {
  const css = container_of(ref, cgroup_subsys_state);
  if (atomic_dec_and_test(css.$online_cnt)) {
    INIT_WORK(css.destroy_work, css_killed_work_fn);
    queue_work(cgroup_destroy_wq, css.destroy_work);
  }
});

/** css_clear_dir(): waits for file operations. Context: may sleep. */
export function css_clear_dir(css: cgroup_subsys_state): void {
  block(WAIT_LOCK, css.a + 2 * KN_ACTIVE, true);
}

/** kill_css() Context: cgroup_mutex. */
export const kill_css = kernel("kill_css", (css: cgroup_subsys_state): void => {
  if (css.flags & CSS_DYING) return;
  css.flags |= CSS_DYING;
  css_clear_dir(css);
  // The css must live until it is offline, and the kill drops the initial reference.
  css_get(css);
  percpu_ref_kill_and_confirm(css.refcnt, css_killed_ref_fn);
});

/**
 * cgroup_is_dead()
 *
 * MODEL: in the kernel it reads the cgroup, which the caller pins. The model has only the css, so
 * this is no access to shared memory.
 */
export function cgroup_is_dead(css: cgroup_subsys_state): boolean {
  return !isLive(outermost(css)) || (peek(css, FLAGS) & CSS_DYING) !== 0;
}

/**
 * kernfs_get_active(): a file operation begins. Removal waits until it ends.
 *
 * MODEL: kernfs is left out, so this is no access to shared memory.
 */
export function kernfs_get_active(css: cgroup_subsys_state): boolean {
  if (cgroup_is_dead(css)) return false;
  poke(css, KN_ACTIVE, 1);
  return true;
}

/** kernfs_put_active() */
export function kernfs_put_active(css: cgroup_subsys_state): void {
  poke(css, KN_ACTIVE, -1);
}

/** cgroup_mkdir(): a css, or an error. Context: task. */
export const cgroup_mkdir = kernel(
  "cgroup_mkdir",
  (parent: cgroup_subsys_state): cgroup_subsys_state | number => {
    mutex_lock(cgroup_mutex);
    // cgroup_kn_lock_live(): the parent may have been removed in the meantime.
    const css = cgroup_is_dead(parent) ? -ENODEV : css_create(parent);
    mutex_unlock(cgroup_mutex);
    return css;
  },
);

/** cgroup_destroy_locked() Context: cgroup_mutex. */
export const cgroup_destroy_locked = kernel(
  "cgroup_destroy_locked",
  (css: cgroup_subsys_state): number => {
    if (READ_ONCE(css.$nr_populated) > 0) return -EBUSY;
    if (!list_empty(css.children) && css_has_online_children(css)) return -EBUSY;
    kill_css(css);
    return 0;
  },
);

/** css_has_online_children() Context: cgroup_mutex. */
export const css_has_online_children = kernel(
  "css_has_online_children",
  (css: cgroup_subsys_state): boolean => {
    for (let pos = css.children.next!; pos !== css.children; pos = pos.next!) {
      const child = container_of(pos, cgroup_subsys_state);
      if ((child.flags & CSS_ONLINE) && !(child.flags & CSS_DYING)) return true;
    }
    return false;
  },
);

/** cgroup_rmdir() Context: task. */
export const cgroup_rmdir = kernel("cgroup_rmdir", (css: cgroup_subsys_state): number => {
  mutex_lock(cgroup_mutex);
  const ret = cgroup_is_dead(css) ? -ENODEV : cgroup_destroy_locked(css);
  mutex_unlock(cgroup_mutex);
  return ret;
});
