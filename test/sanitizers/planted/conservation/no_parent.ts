/** Planted: the counter of a new cgroup is below none. */
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("no-parent", "memcg: planted: forget the counter above", {
  mem_cgroup_inherit_hierarchy: () => null,
});
