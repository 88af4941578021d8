/**
 * Hierarchies of cgroups, mounted and unmounted — kernel/cgroup/cgroup.c, kernel/cgroup/cgroup-v1.c.
 *
 * A controller belongs to one hierarchy: the default one, or one that was mounted for it. What is
 * mounted takes it away from the default hierarchy, and the last step of an unmount gives it back.
 * Both first wait until no css of the default hierarchy is dying.
 *
 * MODEL: the default hierarchy is a root and cgroups below it that are never removed. Two controllers
 * are modelled: `perf_event`, which every cgroup of the default hierarchy has without asking
 * (implicit_on_dfl), and `net_prio`, which has no css there. A mounted hierarchy has no cgroup but its
 * root. kernfs is left out. A mount that finds its hierarchy dying fails, where the kernel sleeps and
 * tries again.
 *
 * @module
 */
import { WRITE_ONCE } from "../machine/memory/access.ts";
import { kernel } from "../machine/calls/registry.ts";
import { WARN_ON, WARN_ON_ONCE } from "../machine/findings/warn.ts";
import { outermost } from "../machine/memory/objects.ts";
import { container_of, statics, struct } from "../machine/memory/struct.ts";
import {
  embed,
  type Fields,
  int,
  type Ptr,
  ptr,
  type Struct,
} from "../machine/memory/struct_type.ts";
import {
  cgroup_init_subsys,
  cgroup_mutex,
  cgroup_subsys_state,
  css_create,
  css_put,
  css_release,
  css_tryget_online,
  init_and_link_css,
  kill_css,
  online_css,
} from "./cgroup.ts";
import { CSS_NO_REF } from "./cgroup-defs.ts";
import { EBUSY, ENOENT, ENOMEM, GFP_KERNEL, IS_ERR } from "./errno.ts";
import { mutex_lock, mutex_unlock } from "./mutex.ts";
import {
  percpu_ref_init,
  percpu_ref_is_dying,
  percpu_ref_kill,
  percpu_ref_tryget_live,
} from "./percpu-refcount.ts";
import { rcu_assign_pointer, rcu_dereference, rcu_read_lock, rcu_read_unlock } from "./rcu.ts";
import { kfree, kzalloc } from "./slab.ts";
import { finish_wait, prepare_to_wait, schedule_until_woken, wake_up_all } from "./wait-queue.ts";

/** Cgroups of the default hierarchy, besides its root. */
const CGROUPS = 2;
/** Hierarchies and css of one execution, at most. */
export const ROOTS_MAX = 8;
const CSS_MAX = 16;

/** struct cgroup_root, with the css of its root cgroup (`cgrp.self`). */
export interface cgroup_root extends Struct, Fields<{ self: cgroup_subsys_state }> {}
export const cgroup_root = struct<cgroup_root>(
  "cgroup_root",
  { self: embed(cgroup_subsys_state) },
  ROOTS_MAX,
);

/** struct cgroup_subsys: the hierarchy that has the controller; NULL for the default one. */
interface cgroup_subsys_root extends Struct, Fields<{ root: Ptr<cgroup_root> }> {}
const cgroup_subsys = statics<cgroup_subsys_root>("cgroup_subsys", { root: ptr }, 2);
/** Controllers, by their number in cgroup_subsys[]. */
export const perf_event_cgrp_id = 0;
export const net_prio_cgrp_id = 1;
/** cgrp_dfl_implicit_ss_mask */
const IMPLICIT_ON_DFL = perf_event_cgrp_id;

/** struct cgroup of the default hierarchy: its css of perf_event, NULL if it has none. */
export interface cgroup extends Struct, Fields<{ subsys: Ptr<cgroup_subsys_state> }> {}
export const cgroups: readonly cgroup[] = statics<cgroup>("cgroup", { subsys: ptr }, CGROUPS);

/** The wait queue of those who wait until a css of the cgroup is offline. */
const offline_waitq = (cgrp: cgroup) => 1 + cgrp.index;

/** struct perf_cgroup, and css->cgroup. */
interface perf_cgroup extends Struct, Fields<{ css: cgroup_subsys_state; cgroup: Ptr<cgroup> }> {}
const FIELDS = { css: embed(cgroup_subsys_state), cgroup: ptr };
const perf_cgroup = struct<perf_cgroup>("perf_cgroup", FIELDS, CSS_MAX);
/** The css of perf_event of the root of the default hierarchy. */
const dfl_css = statics<{ css: cgroup_subsys_state }>(
  "cgrp_dfl_root",
  { css: embed(cgroup_subsys_state), nr: int },
  1,
)[0].css;

/** perf_cgroup_css_alloc() Context: cgroup_mutex; may sleep. */
export const perf_cgroup_css_alloc = kernel(
  "perf_cgroup_css_alloc",
  (): cgroup_subsys_state | number => {
    const jc = kzalloc(perf_cgroup, GFP_KERNEL);
    return jc ? jc.css : -ENOMEM;
  },
);

/**
 * The end of offline_css(): the cgroup has no css of the controller any more, and whoever waits for that is
 * woken. Context: cgroup_mutex.
 */
export const perf_cgroup_css_offline = kernel(
  "perf_cgroup_css_offline",
  (css: cgroup_subsys_state): void => {
    const cgrp = container_of(css, perf_cgroup).cgroup!;
    WRITE_ONCE(cgrp.$subsys, null);
    wake_up_all(offline_waitq(cgrp));
  },
);

/**
 * The two halves of css_free_rwork_fn(): the css of a controller is freed; that of a root cgroup takes the
 * hierarchy with it. Context: kworker.
 */
export const perf_cgroup_css_free = kernel(
  "perf_cgroup_css_free",
  (css: cgroup_subsys_state): void => {
    if (outermost(css).type === cgroup_root) cgroup_destroy_root(container_of(css, cgroup_root));
    else kfree(container_of(css, perf_cgroup));
  },
);

/**
 * cgroup_lock_and_drain_offline(): take cgroup_mutex when no css of a live cgroup is dying. Context: may
 * sleep.
 */
export const cgroup_lock_and_drain_offline = kernel("cgroup_lock_and_drain_offline", (): void => {
  mutex_lock(cgroup_mutex);
  for (let i = 0; i < CGROUPS; i++) {
    const css = cgroups[i].subsys;
    if (!css || !percpu_ref_is_dying(css.refcnt)) continue;
    const wait = prepare_to_wait(offline_waitq(cgroups[i]));
    mutex_unlock(cgroup_mutex);
    schedule_until_woken(wait);
    finish_wait(wait);
    mutex_lock(cgroup_mutex);
    i = -1;
  }
});

/** cgroup_apply_control_disable() of perf_event. Context: cgroup_mutex; nothing is dying. */
export const cgroup_apply_control_disable = kernel("cgroup_apply_control_disable", (): void => {
  for (const cgrp of cgroups) {
    const css = cgrp.subsys;
    if (!css) continue;
    WARN_ON_ONCE(percpu_ref_is_dying(css.refcnt));
    kill_css(css);
  }
});

/** cgroup_apply_control_enable() of perf_event. Context: cgroup_mutex; nothing is dying. */
export const cgroup_apply_control_enable = kernel("cgroup_apply_control_enable", (): number => {
  for (const cgrp of cgroups) {
    const had = cgrp.subsys;
    if (had) WARN_ON_ONCE(percpu_ref_is_dying(had.refcnt));
    if (had) continue;
    const css = css_create(dfl_css);
    if (IS_ERR(css)) return css;
    container_of(css, perf_cgroup).cgroup = cgrp; // init_and_link_css()
    rcu_assign_pointer(cgrp.$subsys, css); // online_css()
  }
  return 0;
});

/** rebind_subsystems(): a controller moves to another hierarchy. Context: cgroup_mutex. */
export const rebind_subsystems = kernel(
  "rebind_subsystems",
  (dst_root: cgroup_root | null, ssid: number): number => {
    if (ssid === IMPLICIT_ON_DFL && dst_root) cgroup_apply_control_disable();
    cgroup_subsys[ssid].root = dst_root;
    if (ssid === IMPLICIT_ON_DFL && !dst_root) return cgroup_apply_control_enable();
    return 0;
  },
);

/** cgroup_destroy_root() Context: kworker. */
export const cgroup_destroy_root = kernel("cgroup_destroy_root", (root: cgroup_root): void => {
  cgroup_lock_and_drain_offline();
  for (let ssid = 0; ssid < cgroup_subsys.length; ssid++) {
    if (cgroup_subsys[ssid].root !== root) continue;
    const ret = rebind_subsystems(null, ssid);
    WARN_ON(ret !== 0, `rebind_subsystems() returns ${ret}`);
  }
  mutex_unlock(cgroup_mutex);
  kfree(root); // cgroup_free_root()
});

/** cgroup_setup_root() Context: cgroup_mutex; may sleep. */
export const cgroup_setup_root = kernel(
  "cgroup_setup_root",
  (root: cgroup_root, ssid: number): number => {
    init_and_link_css(root.self, null);
    const ret = percpu_ref_init(root.self.refcnt, css_release, 0, GFP_KERNEL);
    return ret ? ret : rebind_subsystems(root, ssid);
  },
);

/** cgroup1_root_to_use(): the hierarchy of a controller, a new one if it has none, or an error. */
export const cgroup1_root_to_use = kernel(
  "cgroup1_root_to_use",
  (ssid: number): cgroup_root | number => {
    const has = cgroup_subsys[ssid].root;
    if (has) return has;
    const root = kzalloc(cgroup_root, GFP_KERNEL);
    if (!root) return -ENOMEM;
    const ret = cgroup_setup_root(root, ssid);
    if (ret) kfree(root);
    return ret ? ret : root;
  },
);

/** cgroup1_get_tree(): mount the hierarchy of a controller; the mount has a reference. Context: task. */
export const cgroup1_get_tree = kernel("cgroup1_get_tree", (ssid: number): cgroup_root | number => {
  cgroup_lock_and_drain_offline();
  let root = cgroup1_root_to_use(ssid);
  if (!IS_ERR(root) && !percpu_ref_tryget_live(root.self.refcnt)) root = -EBUSY;
  mutex_unlock(cgroup_mutex);
  return root;
});

/** cgroup_kill_sb(): the superblock of a hierarchy goes. Context: task; its s_umount. */
export const cgroup_kill_sb = kernel("cgroup_kill_sb", (root: cgroup_root): void => {
  if (!percpu_ref_is_dying(root.self.refcnt)) percpu_ref_kill(root.self.refcnt);
  css_put(root.self); // cgroup_put()
});

/**
 * css_tryget_online_from_dir(), for perf_event_open(PERF_FLAG_PID_CGROUP): the css of a cgroup, or an error.
 * Context: task.
 */
export const css_tryget_online_from_dir = kernel(
  "css_tryget_online_from_dir",
  (cgrp: cgroup): cgroup_subsys_state | number => {
    rcu_read_lock();
    const css = rcu_dereference(cgrp.$subsys);
    const got = css !== null && css_tryget_online(css);
    rcu_read_unlock();
    return got ? css : -ENOENT;
  },
);

/** cgroup_init(): the default hierarchy, with a css of perf_event for each cgroup. Context: boot. */
export const cgroup_init = kernel("cgroup_init", (): void => {
  cgroup_init_subsys(perf_cgroup_css_alloc, null, perf_cgroup_css_offline, perf_cgroup_css_free);
  init_and_link_css(dfl_css, null);
  dfl_css.flags = CSS_NO_REF;
  online_css(dfl_css);
  mutex_lock(cgroup_mutex);
  cgroup_apply_control_enable();
  mutex_unlock(cgroup_mutex);
});

/** The end of the machine: no cgroup has a css any more. Context: nobody else runs. */
export function cgroup_exit(): void {
  mutex_lock(cgroup_mutex);
  cgroup_apply_control_disable();
  mutex_unlock(cgroup_mutex);
}

/** The hierarchy of a controller, NULL for the default one, without an access; for a target's laws. */
export function rootOf(ssid: number): cgroup_root | null {
  return cgroup_subsys[ssid].root;
}
