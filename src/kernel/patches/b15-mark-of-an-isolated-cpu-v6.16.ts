/**
 * What would mend B15 where a CPU is isolated, since v6.16; no commit of the kernel does. As for v6.5, a
 * stock is marked only if somebody will drain it.
 *
 * @module
 */
import { cpu_is_isolated } from "../isolation.ts";
import type { mem_cgroup } from "../memcontrol-types.ts";
import { schedule_work_on } from "../workqueue.ts";
import {
  drain_both,
  obj_stock_flush_required,
} from "./c80509ef65e4-decouple-memcg-and-obj-stocks.ts";
import { patch } from "./patch.ts";

export default patch("b15-mark-of-an-isolated-cpu", "memcg: mark a stock if it will be drained", {
  drain_all_stock(root_memcg: mem_cgroup): void {
    drain_both(
      root_memcg,
      obj_stock_flush_required,
      (cpu, stock) => schedule_work_on(cpu, stock.work),
      cpu_is_isolated,
    );
  },
});
