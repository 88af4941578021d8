import { makeMachine, OBJCG } from "../machine/harness.ts";
import { testDeterminism } from "./determinism.ts";

const m = await makeMachine({ cpus: 3, target: OBJCG, kernel: "v5.9" });
await testDeterminism(m, 3, "objcg on v5.9");
