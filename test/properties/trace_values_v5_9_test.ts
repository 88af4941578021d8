import { makeMachine, OBJCG } from "../machine/harness.ts";
import { testTraceValues } from "./trace_values.ts";

const m = await makeMachine({ cpus: 3, target: OBJCG, kernel: "v5.9" });
await testTraceValues(m, 3, "objcg on v5.9");
