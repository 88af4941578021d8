/**
 * A mutant of v5.9: kill_css() takes no reference, so the css is released before it is offline.
 *
 * @module
 */
import { CSS_DYING } from "../../../src/kernel/cgroup-defs.ts";
import { type cgroup_subsys_state, css_killed_ref_fn } from "../../../src/kernel/cgroup.ts";
import { patch } from "../../../src/kernel/patches/patch.ts";
import { percpu_ref_kill_and_confirm } from "../../../src/kernel/percpu-refcount.ts";

export default patch("early_release", "no css_get() in kill_css()", {
  kill_css(css: cgroup_subsys_state): void {
    if (css.flags & CSS_DYING) return;
    css.flags |= CSS_DYING;
    percpu_ref_kill_and_confirm(css.refcnt, css_killed_ref_fn);
  },
});
