/**
 * 2d05068610a3 ("memcg: Prepare to protect against concurrent isolated cpuset change"), v7.0.
 *
 * Whether a CPU is isolated is asked, and work queued there, in one RCU section, so that whoever
 * isolates a CPU can wait for it. The mark stays all the same (B15).
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { cpu_is_isolated } from "../isolation.ts";
import type { mem_cgroup } from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { schedule_work_on, type work_struct } from "../workqueue.ts";
import {
  drain_both,
  obj_stock_flush_required,
} from "./c80509ef65e4-decouple-memcg-and-obj-stocks.ts";
import { commit } from "./patch.ts";

/** schedule_drain_work() Context: any. */
export const schedule_drain_work = kernel(
  "schedule_drain_work",
  (cpu: number, work: work_struct): void => {
    rcu_read_lock(); // guard(rcu)()
    if (!cpu_is_isolated(cpu)) schedule_work_on(cpu, work);
    rcu_read_unlock();
  },
);

export default commit({
  commit: "2d05068610a3",
  subject: "memcg: Prepare to protect against concurrent isolated cpuset change",
  version: "v7.0",
  needs: ["c80509ef65e4"],
  adds: ["schedule_drain_work"],
}, {
  drain_all_stock(root_memcg: mem_cgroup): void {
    drain_both(
      root_memcg,
      obj_stock_flush_required,
      (cpu, stock) => schedule_drain_work(cpu, stock.work),
    );
  },
});
