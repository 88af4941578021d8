/** A target with work queues, and items that wait for each other. */
import { kernel } from "../../../src/machine/calls/registry.ts";
import {
  embed,
  type Fields,
  int as cell,
  type Struct,
  type StructType,
} from "../../../src/machine/memory/struct_type.ts";
import { container_of, statics } from "../../../src/machine/memory/struct.ts";
import { READ_ONCE, WRITE_ONCE } from "../../../src/machine/memory/access.ts";
import { wait_event } from "../../../src/kernel/wait.ts";
import {
  alloc_workqueue,
  INIT_WORK,
  queue_work_on,
  system_wq,
  work_struct,
} from "../../../src/kernel/workqueue.ts";
import { cpu, int, type Target } from "../../../src/prog/target.ts";

interface task extends Struct, Fields<{ ran: number; work: work_struct }> {}
const tasks = statics<task>("task", { ran: cell, work: embed(work_struct) }, 5);
const task = tasks[0].type as unknown as StructType<task>;
interface gate extends Struct, Fields<{ closed: number }> {}
const gates = statics<gate>("gate", { closed: cell }, 2);

/** system_wq has room for all; the others for one item. */
const queues = [system_wq, alloc_workqueue("one", 1), alloc_workqueue("other", 1)];

const note = kernel("note", (work: work_struct): void => {
  WRITE_ONCE(container_of(work, task).$ran, 1);
});
/** Items 3 and 4 wait until a gate is open. */
const wait = kernel("wait", (work: work_struct): void => {
  const t = container_of(work, task);
  WRITE_ONCE(t.$ran, 1);
  const { $closed } = gates[t.index - 3];
  wait_event($closed, () => READ_ONCE($closed) === 0);
});
/** Items 1 and 2 open one. */
const open = kernel("open", (work: work_struct): void => {
  const t = container_of(work, task);
  WRITE_ONCE(t.$ran, 1);
  WRITE_ONCE(gates[t.index - 1].$closed, 0);
});

const queuesTarget: Target = {
  name: "queues",
  doc: "Work queues with a limit, and items that wait for each other.",
  boot() {
    for (const g of gates) g.closed = 1;
    tasks.forEach((t, i) => INIT_WORK(t.work, i === 0 ? note : i < 3 ? open : wait));
  },
  ops: {
    queue: {
      doc: "Queue item i on a queue, for a CPU.",
      args: [cpu("on"), int("queue", 0, 2), int("i", 0, 4)],
      run: (on: number, q: number, i: number) => +queue_work_on(on, queues[q], tasks[i].work),
    },
    idle: { doc: "Read a gate.", run: () => READ_ONCE(gates[0].$closed) },
  },
};
export default queuesTarget;
