/**
 * SCTBench CS/reorder_5: four setters and a checker that must not see a setter halfway. The bug
 * needs one setter stopped between its stores while no other setter has finished.
 *
 * @module
 */
import { cpu, type Target } from "../../src/prog/target.ts";
import { BUG_ON } from "../../src/machine/findings/warn.ts";
import { joinCpu, startCpu } from "../../src/machine/start.ts";
import { type Fields, int, type Struct } from "../../src/machine/memory/struct_type.ts";
import { statics } from "../../src/machine/memory/struct.ts";

interface Pair extends Struct, Fields<{ x: number; y: number }> {}
const pair = statics<Pair>("pair", { x: int, y: int }, 1)[0];

const reorder5: Target = {
  name: "reorder_5",
  doc: "Four setters, one checker.",
  ops: {
    start: { doc: "Create a thread.", args: [cpu("cpu")], starts: "cpu", run: startCpu },
    join: { doc: "Wait for a thread.", args: [cpu("cpu")], run: joinCpu },
    set: {
      doc: "x = 1, then y = -1.",
      run() {
        pair.x = 1;
        pair.y = -1;
      },
    },
    check: {
      doc: "Both or neither.",
      run: () => BUG_ON(!((pair.x === 0 && pair.y === 0) || (pair.x === 1 && pair.y === -1))),
    },
  },
  program: "objcg-fuzz 1\ntitle: reorder_5\ntarget: reorder_5\ncpus: 6\n\n" +
    [1, 2, 3, 4, 5].map((c) => `cpu0  start(cpu${c})\n`).join("") +
    [1, 2, 3, 4, 5].map((c) => `cpu0  join(cpu${c})\n`).join("") +
    "cpu1  set()\ncpu2  set()\ncpu3  set()\ncpu4  set()\ncpu5  check()\n",
};
export default reorder5;
