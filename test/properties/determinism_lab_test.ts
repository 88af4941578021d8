import { makeMachine } from "../machine/harness.ts";
import { testDeterminism } from "./determinism.ts";

await testDeterminism(await makeMachine({ cpus: 4 }), 4, "the test target");
