/** A target with page counters only: three levels; level 0 is the root. */
import { embed, type Fields, type Struct } from "../../src/machine/memory/struct_type.ts";
import { statics } from "../../src/machine/memory/struct.ts";
import {
  page_counter,
  page_counter_charge,
  page_counter_init,
  page_counter_read,
  page_counter_set_max,
  page_counter_try_charge,
  page_counter_uncharge,
} from "../../src/kernel/page_counter.ts";
import { int, type Target } from "../../src/prog/target.ts";

interface level extends Struct, Fields<{ counter: page_counter }> {}
const levels = statics<level>("level", { counter: embed(page_counter) }, 3);
const at = (n: number) => levels[n].counter;

const doc = "See page_counter.c.";
const args = [int("level", 0, 2), int("pages", 0, 1000)];

const target: Target = {
  name: "page_counter_test",
  doc: "Three levels of page counters.",
  boot: () => levels.forEach((_, i) => page_counter_init(at(i), i === 0 ? null : at(i - 1))),
  ops: {
    charge: { doc, args, run: (n, pages) => page_counter_charge(at(n), pages) },
    /** The level that refused the charge, or -1. */
    try_charge: {
      doc,
      args,
      run: (n, pages) => {
        const refused = page_counter_try_charge(at(n), pages);
        return levels.findIndex((l) => l.counter === refused);
      },
    },
    uncharge: { doc, args, run: (n, pages) => page_counter_uncharge(at(n), pages) },
    set_max: { doc, args, run: (n, pages) => page_counter_set_max(at(n), pages) },
    usage: { doc, args: [args[0]], run: (n) => page_counter_read(at(n)) },
  },
};
export default target;
