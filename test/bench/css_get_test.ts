import { file, makeMachine } from "../machine/harness.ts";
import { findsIt } from "./hunt.ts";

const m = await makeMachine({ cpus: 2, target: file("test/bench/css_get.ts") });

Deno.test("the schedule of css_get is found by directed within 150 executions", () =>
  findsIt(m, "directed", "refcount: 0 -> 1 in obj_cgroup_charge", 150));
