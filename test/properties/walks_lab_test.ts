import { makeMachine } from "../machine/harness.ts";
import { testWalks } from "./walks.ts";

await testWalks(await makeMachine({ cpus: 4 }), 4, "the test target");
