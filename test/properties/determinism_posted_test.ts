import { makeMachine, OBJCG } from "../machine/harness.ts";
import { testDeterminism } from "./determinism.ts";

const m = await makeMachine({ cpus: 3, target: OBJCG, kernel: "posted" });
await testDeterminism(m, 3, "objcg on posted");
