/** Planted bugs of who uses work items, timers and RCU heads, and next to them the same done right. */
import { kernel } from "../../../src/machine/calls/registry.ts";
import {
  embed,
  type Fields,
  int as cell,
  type Struct,
} from "../../../src/machine/memory/struct_type.ts";
import { container_of, struct } from "../../../src/machine/memory/struct.ts";
import { GFP_KERNEL } from "../../../src/kernel/errno.ts";
import { call_rcu, init_rcu_head, rcu_head } from "../../../src/kernel/rcu.ts";
import { kfree, kzalloc } from "../../../src/kernel/slab.ts";
import {
  add_timer,
  del_timer,
  mod_timer,
  timer_list,
  timer_pending,
  timer_setup,
} from "../../../src/kernel/timer.ts";
import { INIT_WORK, queue_work, system_wq, work_struct } from "../../../src/kernel/workqueue.ts";

interface gadget
  extends Struct, Fields<{ v: number; work: work_struct; timer: timer_list; rcu: rcu_head }> {}
const gadget = struct<gadget>("odebug_gadget", {
  v: cell,
  work: embed(work_struct),
  timer: embed(timer_list),
  rcu: embed(rcu_head),
}, 12);

const gadget_new = kernel("odebug_gadget_new", (): gadget => kzalloc(gadget, GFP_KERNEL)!);
const gadget_work = kernel("odebug_gadget_work", (work: work_struct): void => {
  kfree(container_of(work, gadget));
});
/** It queues itself once more, as soon as it runs. */
const gadget_again = kernel("odebug_gadget_again", (work: work_struct): void => {
  INIT_WORK(work, gadget_work);
  queue_work(system_wq, work);
});
const gadget_timer = kernel("odebug_gadget_timer", (timer: timer_list): void => {
  kfree(container_of(timer, gadget));
});
const gadget_tick = kernel("odebug_gadget_tick", (_timer: timer_list): void => {});
const gadget_rcu = kernel("odebug_gadget_rcu", (rcu: rcu_head): void => {
  kfree(container_of(rcu, gadget));
});

function queued(): gadget {
  const g = gadget_new();
  INIT_WORK(g.work, gadget_work);
  queue_work(system_wq, g.work);
  return g;
}

function running(): gadget {
  const g = gadget_new();
  timer_setup(g.timer, gadget_timer);
  add_timer(g.timer);
  return g;
}

export const odebugPlants: Record<string, () => number | void> = {
  odebug_init_work() {
    INIT_WORK(queued().work, gadget_work);
  },
  odebug_free_work() {
    kfree(queued());
  },
  odebug_init_timer() {
    timer_setup(running().timer, gadget_timer);
  },
  odebug_free_timer() {
    kfree(running());
  },
  odebug_init_head() {
    const g = gadget_new();
    call_rcu(g.rcu, gadget_rcu);
    init_rcu_head(g.rcu);
  },
  odebug_work_ok() {
    queued();
    const g = gadget_new();
    INIT_WORK(g.work, gadget_again);
    INIT_WORK(g.work, gadget_again); // not queued yet
    queue_work(system_wq, g.work);
  },
  /** What is said of a timer while nothing expires: a bit for each answer, below a leading one. */
  odebug_timer_ok(): number {
    running();
    const g = gadget_new();
    timer_setup(g.timer, gadget_tick);
    const said = [
      timer_pending(g.timer),
      mod_timer(g.timer),
      timer_pending(g.timer),
      mod_timer(g.timer),
      del_timer(g.timer),
      timer_pending(g.timer),
      del_timer(g.timer),
    ];
    timer_setup(g.timer, gadget_tick);
    kfree(g);
    return said.reduce((n, yes) => 2 * n + Number(yes), 1);
  },
  odebug_head_ok() {
    const g = gadget_new();
    init_rcu_head(g.rcu);
    call_rcu(g.rcu, gadget_rcu);
  },
};
