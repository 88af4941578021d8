import { makeMachine } from "../machine/harness.ts";
import { testFibers } from "./fibers.ts";

await testFibers(await makeMachine({ cpus: 4 }), 4, "the test target", 0.95);
