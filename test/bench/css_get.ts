/** S2 (corpus/README.md) as a fixed program: only the schedule has to be found. @module */
import { objcgTarget } from "../../fuzz/objcg.ts";
import type { Target } from "../../src/prog/target.ts";

const cssGet: Target = {
  ...objcgTarget,
  program: "objcg-fuzz 1\ntitle: css_get\ncpus: 2\n\n" +
    "boot  p = mkdir(root)\nboot  a = mkdir(p)\nboot  o = obj_cgroup_get_remote(a)\n" +
    "cpu0  obj_cgroup_charge(o, 64)\ncpu1  rmdir(a)\n",
};
export default cssGet;
