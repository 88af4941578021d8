/** SCTBench CS/twostage: the reader must not come between two critical sections. @module */
import { cpu, type Target } from "../../src/prog/target.ts";
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from "../../src/kernel/spinlock.ts";
import { BUG_ON } from "../../src/machine/findings/warn.ts";
import { startCpu } from "../../src/machine/start.ts";
import { type Fields, int, type Struct } from "../../src/machine/memory/struct_type.ts";
import { statics } from "../../src/machine/memory/struct.ts";

interface Data extends Struct, Fields<{ d1: number; d2: number }> {}
const data = statics<Data>("data", { d1: int, d2: int }, 1)[0];
const [l1, l2] = [DEFINE_MUTEX("l1"), DEFINE_MUTEX("l2")];

function locked(lock: typeof l1, f: () => number): number {
  mutex_lock(lock);
  const value = f();
  mutex_unlock(lock);
  return value;
}

const twostage: Target = {
  name: "twostage",
  doc: "One writer in two stages, one reader.",
  ops: {
    start: { doc: "Create a thread.", args: [cpu("cpu")], starts: "cpu", run: startCpu },
    write: {
      doc: "d1 = 1, then d2 = d1 + 1.",
      run: () => locked(l1, () => data.d1 = 1) && locked(l2, () => data.d2 = data.d1 + 1),
    },
    read: {
      doc: "d2 must be d1 + 1 once d1 is set.",
      run() {
        const t1 = locked(l1, () => data.d1);
        if (t1 !== 0) BUG_ON(locked(l2, () => data.d2) !== t1 + 1);
      },
    },
  },
  program: "objcg-fuzz 1\ntitle: twostage\ntarget: twostage\ncpus: 3\n\n" +
    "cpu0  start(cpu1)\ncpu0  start(cpu2)\ncpu1  write()\ncpu2  read()\n",
};
export default twostage;
