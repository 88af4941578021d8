/** S2 (corpus/README.md): a css comes back from zero, as a hand-written seed, and in a crowd. */
export const TITLE = "refcount: 0 -> 1 in obj_cgroup_charge";

const SETUP = `
  boot a = mkdir(root)
  boot attach(cpu0, a)
  boot o = obj_cgroup_get_current(cpu0)
  boot attach(cpu0, root)
`;
/** Killed, and its grace period over; then the charge looks up its memcg, which goes away. */
export const SCHEDULE = `
  schedule:
  cpu1 until css_killed_work_fn
  cpu0 until obj_cgroup_charge: css_get
  cpu1 until end
  cpu0 until end
`;

export const S2 = `${SETUP}
  cpu0 obj_cgroup_charge(o, 64)
  cpu1 rmdir(a)
`;

/** The same with much that does not matter. */
export const CROWD = `${SETUP}
  boot b = mkdir(root)
  boot c = mkdir(b)
  boot attach(cpu2, c)
  cpu0 y = kmalloc(128)
  cpu0 obj_cgroup_charge(o, 6144)
  cpu0 set_max(b, 64)
  cpu1 rmdir(a)
  cpu1 drain_all_stock(b)
  cpu2 z = kmalloc(4088)
  cpu2 hardirq kfree(z)
  cpu2 freeze(b)
`;
