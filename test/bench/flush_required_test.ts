import { file, makeMachine } from "../machine/harness.ts";
import { findsIt } from "./hunt.ts";

const m = await makeMachine({ cpus: 2, target: file("test/bench/flush_required.ts") });

Deno.test("the schedule of flush_required is found by directed within 60 executions", () =>
  findsIt(m, "directed", "KASAN: null-ptr-deref in obj_stock_flush_required", 60));
