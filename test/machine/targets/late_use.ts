/** A target with a bug that needs a kworker inside an operation: an object is used after its last put. */
import { atomic_dec_and_test, READ_ONCE } from "../../../src/machine/memory/access.ts";
import { kernel } from "../../../src/machine/calls/registry.ts";
import {
  embed,
  type Fields,
  int as cell,
  type Struct,
} from "../../../src/machine/memory/struct_type.ts";
import { container_of, struct } from "../../../src/machine/memory/struct.ts";
import { GFP_KERNEL } from "../../../src/kernel/errno.ts";
import { kfree, kzalloc } from "../../../src/kernel/slab.ts";
import { INIT_WORK, queue_work, system_wq, work_struct } from "../../../src/kernel/workqueue.ts";
import type { Target } from "../../../src/prog/target.ts";

interface late extends Struct, Fields<{ refs: number; uses: number; work: work_struct }> {}
const late = struct<late>("late", { refs: cell, uses: cell, work: embed(work_struct) }, 8);

const late_free = kernel("late_free", (work: work_struct): void => {
  kfree(container_of(work, late));
});

const late_put = kernel("late_put", (o: late): void => {
  if (atomic_dec_and_test(o.$refs)) queue_work(system_wq, o.work);
});

/** Puts the last reference, and looks at the object once more. */
const late_use = kernel("late_use", (): number => {
  const o = kzalloc(late, GFP_KERNEL)!;
  o.refs = 1;
  INIT_WORK(o.work, late_free);
  late_put(o);
  return READ_ONCE(o.$uses);
});

const lateUseTarget: Target = {
  name: "late_use",
  doc: "An object is used after its last put.",
  ops: { use: { doc: "Make an object, put it, and use it.", run: late_use } },
};
export default lateUseTarget;
