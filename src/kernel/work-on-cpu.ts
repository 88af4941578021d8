/**
 * Running a function on a CPU, and waiting for it — kernel/workqueue.c.
 *
 * MODEL: the work item is no variable of the caller: there is one of them, for callers that hold one mutex.
 * Waiting for it is waiting for a field, without the completion of flush_work(). Before the schedule begins
 * and after it has ended only one CPU acts; then it runs the function at once, on behalf of the other. Where
 * all CPUs run at once, a CPU has no kworker while its task waits: it runs the function itself if it is the
 * one that is asked, and asks no other.
 *
 * @module
 */
import { READ_ONCE, WRITE_ONCE } from "../machine/memory/access.ts";
import { onBehalfOf } from "../machine/context/settle.ts";
import { kernel } from "../machine/calls/registry.ts";
import { container_of, statics } from "../machine/memory/struct.ts";
import {
  embed,
  type Fields,
  type Fn,
  fn,
  int,
  type Ptr,
  ptr,
  type Struct,
} from "../machine/memory/struct_type.ts";
import { QUIET } from "../machine/layout/cpus.ts";
import { CPU, regs } from "../machine/layout/registers.ts";
import { views } from "../machine/words/arena.ts";
import { wait_event } from "./wait.ts";
import { INIT_WORK, schedule_work_on, work_struct } from "./workqueue.ts";

const { ctl, FREE } = views();

/** struct work_for_cpu */
interface work_for_cpu
  extends Struct, Fields<{ work: work_struct; fn: Fn | null; arg: Ptr<Struct>; busy: number }> {}
const [wfc] = statics<work_for_cpu>("work_for_cpu", {
  work: embed(work_struct),
  fn,
  arg: ptr,
  busy: int,
}, 1);

/** work_for_cpu_fn() Context: kworker. */
export const work_for_cpu_fn = kernel("work_for_cpu_fn", (work: work_struct): void => {
  const wfc = container_of(work, wfc_type) as work_for_cpu;
  wfc.fn!(wfc.arg);
  WRITE_ONCE(wfc.$busy, 0);
});
const wfc_type = wfc.type;

/** work_on_cpu() Context: may sleep. */
export const work_on_cpu = kernel(
  "work_on_cpu",
  (cpu: number, fn: Fn, arg: Struct): void => {
    if (ctl[QUIET] !== 0) return onBehalfOf(cpu, () => fn(arg));
    if (FREE) return cpu === regs[CPU] ? fn(arg) : undefined;
    INIT_WORK(wfc.work, work_for_cpu_fn);
    wfc.fn = fn;
    wfc.arg = arg;
    wfc.busy = 1;
    schedule_work_on(cpu, wfc.work);
    wait_event(wfc.$busy, () => READ_ONCE(wfc.$busy) === 0); // flush_work()
  },
);
