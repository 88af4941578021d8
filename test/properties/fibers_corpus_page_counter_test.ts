import { file, makeMachine } from "../machine/harness.ts";
import { testCorpus } from "./fibers_corpus.ts";

const m = await makeMachine({ cpus: 4, kernel: "v5.9", target: file("fuzz/page_counter.ts") });

await testCorpus(m, 4, "v5.9", 1);
