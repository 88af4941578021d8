import { makeMachine, OBJCG } from "../machine/harness.ts";
import { testWalks } from "./walks.ts";

await testWalks(await makeMachine({ cpus: 3, kernel: "v5.9", target: OBJCG }), 3, "v5.9");
