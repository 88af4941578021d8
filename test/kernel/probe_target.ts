/** The target objcg, with operations that read its accounting. */
import objcg from "../../fuzz/objcg.ts";
import { cellsAt, hasField, offsetOf, peek, peekPointer } from "../../src/machine/memory/peek.ts";
import {
  mem_cgroup,
  memcg_stock,
  obj_cgroup,
  obj_stock,
} from "../../src/kernel/memcontrol-types.ts";
import type { page_counter } from "../../src/kernel/page_counter.ts";
import type { swap_cgroup } from "../../src/kernel/memcontrol-id.ts";
import { cpu_curr } from "../../src/kernel/sched.ts";
import { container_of } from "../../src/machine/memory/struct.ts";
import { cpu, ref, type Target } from "../../src/prog/target.ts";

const doc = "Looks, and is no schedule point.";
const usage = offsetOf(mem_cgroup, "memory.usage");
/** With memsw, and with page_counter_stock: pages in memory and swap, and in the stocks of a counter. */
const memsw = hasField(mem_cgroup, "memsw") ? offsetOf(mem_cgroup, "memsw.usage") : -1;
function stocked({ stock }: page_counter): number {
  if (!stock) return -1;
  return cellsAt(stock.type, "nr_pages").reduce((n, at) => n + peek(stock, at), 0);
}
const flags = offsetOf(mem_cgroup, "css.flags");
const id = offsetOf(mem_cgroup, "id.id");
const parked = offsetOf(obj_cgroup, "nr_charged_bytes");
const owner = offsetOf(obj_cgroup, "memcg");
const stock = memcg_stock[0].type;
/** Since c80509ef65e4 (v6.16) bytes are in a stock of their own. */
const objStocks = obj_stock.length > 0 ? obj_stock : memcg_stock;

const target: Target = {
  ...objcg,
  name: "probe",
  ops: {
    ...objcg.ops,
    usage: { doc, args: [ref("memcg")], run: (m: mem_cgroup) => peek(m, usage) },
    memsw: { doc, args: [ref("memcg")], run: (m: mem_cgroup) => peek(m, memsw) },
    /** -1 if the counter has no stock. */
    memory_stock: { doc, args: [ref("memcg")], run: (m: mem_cgroup) => stocked(m.memory) },
    memsw_stock: { doc, args: [ref("memcg")], run: (m: mem_cgroup) => stocked(m.memsw) },
    flags: { doc, args: [ref("memcg")], run: (m: mem_cgroup) => peek(m, flags) },
    parked: { doc, args: [ref("objcg")], run: (o: obj_cgroup) => peek(o, parked) },
    /** The number of the cgroup that an objcg belongs to. */
    owner: { doc, args: [ref("objcg")], run: (o: obj_cgroup) => peekPointer(o, owner)!.index },
    number: { doc, args: [ref("memcg")], run: (m: mem_cgroup) => m.index },
    id: { doc, args: [ref("memcg")], run: (m: mem_cgroup) => peek(m, id) },
    /** The id in the record of what was swapped out. */
    record: { doc, args: [ref("swap")], run: (s: swap_cgroup) => s.id },
    /** The number of the cgroup that the task of a CPU is in, and of the task. */
    task_memcg: {
      doc,
      args: [cpu("cpu")],
      run: (c) => container_of(cpu_curr(c).cgroups!.subsys!, mem_cgroup).index,
    },
    task: { doc, args: [cpu("cpu")], run: (c) => cpu_curr(c).index },
    stock_pages: {
      doc,
      args: [cpu("cpu")],
      /** Of all slots. */
      run: (c) => cellsAt(stock, "nr_pages").reduce((n, at) => n + peek(memcg_stock[c], at), 0),
    },
    stock_bytes: {
      doc,
      args: [cpu("cpu")],
      /** Of all slots. */
      run: (c) => {
        const stock = objStocks[c];
        return cellsAt(stock.type, "nr_bytes").reduce((n, at) => n + peek(stock, at), 0);
      },
    },
  },
};
export default target;
