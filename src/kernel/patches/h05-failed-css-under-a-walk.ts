/**
 * What would mend h05; no commit of the kernel does. A css that fails to come online is killed, as one that
 * is removed: when the last reference to it is gone, it is unlinked and freed.
 *
 * @module
 */
import { cgroup_destroy_wq } from "../cgroup-wq.ts";
import { CSS_DYING } from "../cgroup-defs.ts";
import {
  cgroup_subsys_state,
  css_free_rwork_fn,
  css_release,
  init_and_link_css,
  memory_cgrp_subsys,
  online_css,
} from "../cgroup.ts";
import { ENOMEM, GFP_KERNEL, IS_ERR } from "../errno.ts";
import { list_add_tail } from "../list.ts";
import { percpu_ref_init, percpu_ref_kill } from "../percpu-refcount.ts";
import { kmalloc_may_fail } from "../slab.ts";
import { INIT_WORK, queue_rcu_work } from "../workqueue.ts";
import { patch } from "./patch.ts";

export default patch(
  "h05-failed-css-under-a-walk",
  "cgroup: a css that fails may have references",
  {
    css_create(parent: cgroup_subsys_state): cgroup_subsys_state | number {
      const css = memory_cgrp_subsys.css_alloc!(parent) as cgroup_subsys_state | number;
      if (IS_ERR(css)) return css;
      init_and_link_css(css, parent);
      let err = percpu_ref_init(css.refcnt, css_release, 0, GFP_KERNEL);
      if (!err && !kmalloc_may_fail(GFP_KERNEL)) err = -ENOMEM; // cgroup_idr_alloc()
      if (err) {
        INIT_WORK(css.destroy_rwork.work, css_free_rwork_fn);
        queue_rcu_work(cgroup_destroy_wq, css.destroy_rwork);
        return err;
      }
      list_add_tail(css.sibling, parent.children);
      err = online_css(css);
      if (!err) return css;
      css.flags |= CSS_DYING;
      percpu_ref_kill(css.refcnt);
      return err;
    },
  },
);
