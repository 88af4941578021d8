import { file, makeMachine } from "../machine/harness.ts";
import { testPercpuRef } from "./percpu_ref.ts";

const m = await makeMachine({
  cpus: 3,
  target: file("test/kernel/percpu_ref_target.ts"),
  without: ["kmemleak"],
});
testPercpuRef(m, ["percpu_counters#0"], "percpu_ref: use after exit in do_get");
