/**
 * Fuzz target `cgroup_root`: hierarchies that are mounted and unmounted while css of the default
 * hierarchy go and come, in work items of queues with a limit.
 *
 * @module
 */
import { int, ref, SKIPPED, type Target } from "../src/prog/target.ts";
import {
  type cgroup,
  cgroup1_get_tree,
  cgroup_exit,
  cgroup_init,
  cgroup_kill_sb,
  cgroup_root,
  cgroups,
  css_tryget_online_from_dir,
  net_prio_cgrp_id,
  perf_event_cgrp_id,
  rootOf,
  ROOTS_MAX,
} from "../src/kernel/cgroup-root.ts";
import { type cgroup_subsys_state, css_put } from "../src/kernel/cgroup.ts";
import { IS_ERR } from "../src/kernel/errno.ts";
import { DEFINE_MUTEXES, mutex_lock, mutex_unlock } from "../src/kernel/mutex.ts";
import { percpu_ref_is_dying } from "../src/kernel/percpu-refcount.ts";
import { synchronize_rcu } from "../src/kernel/rcu.ts";
import { kernel } from "../src/machine/calls/registry.ts";
import { addTally, forEachHandle, takeTally, tally } from "../src/machine/context/handles.ts";
import { settleDeferred } from "../src/machine/context/settle.ts";
import { WARN_ON } from "../src/machine/findings/warn.ts";
import { container_of } from "../src/machine/memory/struct.ts";
import { slabUsed } from "../src/machine/memory/slab.ts";

/** Tallies: mounts of each hierarchy. They have one superblock, which goes with the last of them. */
const MOUNTS = 0;
/** Hierarchies that an execution makes at most, so that CPUs that mount at the same time have room. */
const ROOTS = 4;
/** super_block.s_umount of each hierarchy. */
const s_umount = DEFINE_MUTEXES("s_umount", ROOTS_MAX);

function mount(ssid: number): number {
  if (slabUsed(cgroup_root) >= ROOTS) return SKIPPED;
  const root = cgroup1_get_tree(ssid);
  if (IS_ERR(root)) return root;
  mutex_lock(s_umount[root.index]); // sget()
  addTally(MOUNTS + root.index, 1);
  mutex_unlock(s_umount[root.index]);
  return root.self.a;
}

function unmount(self: cgroup_subsys_state): void {
  const root = container_of(self, cgroup_root);
  const { index } = root;
  mutex_lock(s_umount[index]); // deactivate_super()
  takeTally(MOUNTS + index, 1);
  if (tally(MOUNTS + index) === 0) cgroup_kill_sb(root);
  else css_put(self);
  mutex_unlock(s_umount[index]);
}

/** All is as it was at first. Context: no operation runs, nothing is mounted, nothing is put off. */
const cgroup_root_verify = kernel("cgroup_root_verify", (): void => {
  for (const ssid of [perf_event_cgrp_id, net_prio_cgrp_id]) {
    WARN_ON(rootOf(ssid) !== null, `controller ${ssid} is not back in the default hierarchy`);
  }
  for (const cgrp of cgroups) {
    const css = cgrp.subsys;
    WARN_ON(css === null, `cgroup#${cgrp.index} has no css`);
    if (css) WARN_ON(percpu_ref_is_dying(css.refcnt), `the css of cgroup#${cgrp.index} is dying`);
  }
});

const held = ref("event");

const cgroupRootTarget: Target = {
  name: "cgroup_root",
  doc: "Hierarchies of cgroups, mounted and unmounted, and the css that come and go with them.",
  predefined: Object.fromEntries(
    cgroups.map((cgrp, i) => [`c${i}`, { type: "cgroup", address: () => cgrp.a }]),
  ),
  boot: cgroup_init,
  finish() {
    forEachHandle("event", (css) => css_put(css as cgroup_subsys_state));
    forEachHandle("mount", (self) => unmount(self as cgroup_subsys_state));
    settleDeferred();
    cgroup_root_verify();
    cgroup_exit();
    settleDeferred();
  },
  ops: {
    mount: {
      doc: "Mount a hierarchy for perf_event (0) or net_prio (1), which leaves the default one.",
      args: [int("controller", 0, 1)],
      result: "mount",
      allocs: 3,
      weight: 4,
      bootWeight: 2,
      run: mount,
    },
    umount: {
      doc: "Unmount a hierarchy. After the last time its controller is given back.",
      args: [ref("mount")],
      consumes: ["mount"],
      weight: 4,
      run: unmount,
    },
    perf_event_open: {
      doc: "Take a reference to the css of a cgroup, unless it is dying.",
      args: [ref("cgroup")],
      result: "event",
      weight: 4,
      bootWeight: 1,
      run(cgrp: cgroup): number {
        const css = css_tryget_online_from_dir(cgrp);
        return IS_ERR(css) ? css : css.a;
      },
    },
    perf_event_close: {
      doc: "Drop the reference.",
      args: [held],
      consumes: ["event"],
      contexts: ["task", "softirq", "hardirq"],
      weight: 2,
      run: (css: cgroup_subsys_state) => css_put(css),
    },
    synchronize_rcu: {
      doc: "Wait for a grace period.",
      weight: 1,
      run: () => synchronize_rcu(),
    },
  },
};
export default cgroupRootTarget;
