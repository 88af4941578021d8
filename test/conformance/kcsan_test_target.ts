/** The access kernels and barriers of kernel/kcsan/kcsan_test.c and selftest.c as operations. */
import { int, type OpDefinition, type Target } from "../../src/prog/target.ts";
import { BARRIERS, KINDS, test_barrier, test_barrier_seen } from "./kcsan/barriers.ts";
import { kernels } from "./kcsan/kernels.ts";

const args = [int("kind", 0, KINDS.length - 1), int("n", 0, BARRIERS.length - 1)];
const ops: Record<string, OpDefinition> = {
  barrier: { doc: "An access and a barrier.", args, run: test_barrier },
  barrier_seen: { doc: "What must come after them.", args, run: test_barrier_seen },
};
for (const [name, run] of Object.entries(kernels)) {
  ops[name] = { doc: "An access kernel.", contexts: ["task", "softirq"], run };
}

const target: Target = { name: "kcsan-test", doc: "Access kernels of kcsan_test.c.", ops };
export default target;
