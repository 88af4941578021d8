/** The target objcg, with operations that read its accounting. */
import objcg from "../../fuzz/objcg.ts";
import { offsetOf, peek, peekPointer } from "../../src/machine/memory/peek.ts";
import { mem_cgroup, memcg_stock, obj_cgroup } from "../../src/kernel/memcontrol-types.ts";
import { cpu, ref, type Target } from "../../src/prog/target.ts";

const doc = "Looks, and is no schedule point.";
const usage = offsetOf(mem_cgroup, "memory.usage");
const flags = offsetOf(mem_cgroup, "css.flags");
const parked = offsetOf(obj_cgroup, "nr_charged_bytes");
const owner = offsetOf(obj_cgroup, "memcg");
const stock = memcg_stock[0].type;

const target: Target = {
  ...objcg,
  name: "probe",
  ops: {
    ...objcg.ops,
    usage: { doc, args: [ref("memcg")], run: (m: mem_cgroup) => peek(m, usage) },
    flags: { doc, args: [ref("memcg")], run: (m: mem_cgroup) => peek(m, flags) },
    parked: { doc, args: [ref("objcg")], run: (o: obj_cgroup) => peek(o, parked) },
    /** The number of the cgroup that an objcg belongs to. */
    owner: { doc, args: [ref("objcg")], run: (o: obj_cgroup) => peekPointer(o, owner)!.index },
    number: { doc, args: [ref("memcg")], run: (m: mem_cgroup) => m.index },
    stock_pages: {
      doc,
      args: [cpu("cpu")],
      run: (c) => peek(memcg_stock[c], offsetOf(stock, "nr_pages")),
    },
    stock_bytes: {
      doc,
      args: [cpu("cpu")],
      run: (c) => peek(memcg_stock[c], offsetOf(stock, "nr_bytes")),
    },
  },
};
export default target;
