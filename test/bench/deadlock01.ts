/**
 * SCTBench CS/deadlock01: two locks taken in both orders.
 *
 * The locks are user-space ones, so lockdep knows nothing of them: only a schedule in which both
 * threads wait shows the bug.
 *
 * @module
 */
import { cpu, type Target } from "../../src/prog/target.ts";
import { DEFINE_MUTEX, mutex_trylock, mutex_unlock } from "../../src/kernel/spinlock.ts";
import { block } from "../../src/machine/hooks/mode.ts";
import { WAIT_LOCK } from "../../src/machine/layout/waits.ts";
import { startCpu } from "../../src/machine/start.ts";

const [a, b] = [DEFINE_MUTEX("a"), DEFINE_MUTEX("b")];

function both(first: typeof a, second: typeof a): void {
  for (const lock of [first, second]) while (!mutex_trylock(lock)) block(WAIT_LOCK, lock.a, true);
  mutex_unlock(second);
  mutex_unlock(first);
}

const deadlock01: Target = {
  name: "deadlock01",
  doc: "Lock a then b, against b then a.",
  ops: {
    start: { doc: "Create a thread.", args: [cpu("cpu")], starts: "cpu", run: startCpu },
    ab: { doc: "Lock a, then b.", run: () => both(a, b) },
    ba: { doc: "Lock b, then a.", run: () => both(b, a) },
  },
  program: "objcg-fuzz 1\ntitle: deadlock01\ntarget: deadlock01\ncpus: 3\n\n" +
    "cpu0  start(cpu1)\ncpu0  start(cpu2)\ncpu1  ab()\ncpu2  ba()\n",
};
export default deadlock01;
