import { makeMachine, OBJCG } from "../machine/harness.ts";
import { testCorpus } from "./fibers_corpus.ts";

const m = await makeMachine({ cpus: 4, kernel: "v5.9", target: OBJCG, kcsan: "strict" });

await testCorpus(m, 4, "v5.9", 20);
