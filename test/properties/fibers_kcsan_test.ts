import { makeMachine, OBJCG } from "../machine/harness.ts";
import { testFibers } from "./fibers.ts";

const m = await makeMachine({ cpus: 3, kernel: "v5.9", target: OBJCG, kcsan: "strict" });

await testFibers(m, 3, "objcg on v5.9 with KCSAN", 0.95);
