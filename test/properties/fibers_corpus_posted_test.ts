import { makeMachine, OBJCG } from "../machine/harness.ts";
import { testCorpus } from "./fibers_corpus.ts";

const m = await makeMachine({ cpus: 4, kernel: "posted", target: OBJCG, kcsan: "strict" });

await testCorpus(m, 4, "posted", 20);
