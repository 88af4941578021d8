/** S3 (corpus/README.md) as a fixed program: only the schedule has to be found. @module */
import { objcgTarget } from "../../fuzz/objcg.ts";
import type { Target } from "../../src/prog/target.ts";

const flushRequired: Target = {
  ...objcgTarget,
  program: "objcg-fuzz 1\ntitle: flush_required\ncpus: 2\n\n" +
    "boot  m = mkdir(root)\nboot  o = obj_cgroup_get_remote(m)\n" +
    "cpu0  obj_cgroup_charge(o, 64)\ncpu0  obj_cgroup_charge(o, 4097)\n" +
    "cpu1  drain_all_stock(m)\n",
};
export default flushRequired;
