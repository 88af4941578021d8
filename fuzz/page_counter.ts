/**
 * Fuzz target `page_counter`: hierarchical counters alone.
 *
 * Tallies record the charges. At the end every counter must be the sum of the charges to it and
 * below it, and at most its limit. Two cases may exceed the limit: page_counter_charge(), which
 * ignores limits, and a charge while page_counter_set_max() tried a higher limit that it then took
 * back (corpus/page_counter/seeds).
 *
 * @module
 */
import { int, ref, SKIPPED, type Target } from "../src/prog/target.ts";
import { EBUSY, ENOMEM } from "../src/kernel/errno.ts";
import {
  page_counter,
  page_counter_charge,
  page_counter_init,
  page_counter_read,
  page_counter_set_max,
  page_counter_try_charge,
  page_counter_uncharge,
} from "../src/kernel/page_counter.ts";
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from "../src/kernel/spinlock.ts";
import { addTally, takeTally, tally } from "../src/machine/context/handles.ts";
import { WARN_ON } from "../src/machine/findings/warn.ts";
import { kernel } from "../src/machine/calls/registry.ts";
import { embed, type Fields, type Struct } from "../src/machine/memory/struct_type.ts";
import { statics } from "../src/machine/memory/struct.ts";

/** The counters: name, and index of the parent. */
const TREE = [["root", -1], ["a", 0], ["b", 1], ["c", 1], ["d", 0]] as const;

interface holder extends Struct, Fields<{ counter: page_counter }> {}
const holders = statics<holder>("counter", { counter: embed(page_counter) }, TREE.length);
const set_max_mutex = DEFINE_MUTEX("memcg_max_mutex");

/**
 * The tallies of counter i: pages that are charged; pages that were ever forced; the highest limit
 * that was refused.
 */
const CHARGED = 0;
const FORCED = TREE.length;
const REFUSED = 2 * TREE.length;

/** The sum of tally `of` over counter `i` and all counters below it. */
function total(i: number, of: number): number {
  let sum = 0;
  for (let j = 0; j < TREE.length; j++) {
    let k: number = j;
    while (k >= 0 && k !== i) k = TREE[k][1];
    if (k === i) sum += tally(of + j);
  }
  return sum;
}

/** Compare every counter with the tallies. Context: no operation is running. */
const page_counter_verify = kernel("page_counter_verify", (): void => {
  TREE.forEach(([name], i) => {
    const { counter } = holders[i];
    const usage = page_counter_read(counter);
    const expected = total(i, CHARGED);
    WARN_ON(usage !== expected, `${name} has ${usage} pages instead of ${expected}`);
    const allowed = Math.max(counter.max, tally(REFUSED + i));
    WARN_ON(
      usage > allowed && total(i, FORCED) === 0,
      `${name} has ${usage} pages, ${allowed} are allowed, and no charge was forced`,
    );
  });
});

const EVERYWHERE = ["task", "softirq", "hardirq", "nmi"] as const;
const counter = ref("counter");
const pages = int("pages", 1, 64, [1, 2, 4, 31, 32, 33]);

const pageCounterTarget: Target = {
  name: "page_counter",
  doc: "Charging, uncharging and limits in a hierarchy of page counters.",
  predefined: Object.fromEntries(
    TREE.map(([name], i) => [name, { type: "counter", address: () => holders[i].a }]),
  ),
  boot() {
    TREE.forEach(([_, parent], i) =>
      page_counter_init(holders[i].counter, parent < 0 ? null : holders[parent].counter)
    );
  },
  finish() {
    page_counter_verify();
    for (const h of holders) {
      const left = takeTally(CHARGED + h.index, tally(CHARGED + h.index));
      if (left > 0) page_counter_uncharge(h.counter, left);
    }
    page_counter_verify();
  },
  ops: {
    charge: {
      doc: "Charge pages, regardless of limits.",
      args: [counter, pages],
      contexts: EVERYWHERE,
      run(h: holder, n: number): void {
        addTally(FORCED + h.index, n);
        page_counter_charge(h.counter, n);
        addTally(CHARGED + h.index, n);
      },
    },
    try_charge: {
      doc: "Charge pages if all limits allow it.",
      args: [counter, pages],
      contexts: EVERYWHERE,
      weight: 4,
      run(h: holder, n: number): number {
        if (page_counter_try_charge(h.counter, n) !== null) return -ENOMEM;
        addTally(CHARGED + h.index, n);
        return 0;
      },
    },
    uncharge: {
      doc: "Uncharge pages, at most as many as were charged to this counter.",
      args: [counter, pages],
      contexts: EVERYWHERE,
      weight: 3,
      run(h: holder, n: number): number {
        const some = takeTally(CHARGED + h.index, n);
        if (some === 0) return SKIPPED;
        page_counter_uncharge(h.counter, some);
        return 0;
      },
    },
    set_max: {
      doc: "Set the limit, unless more pages are in use.",
      args: [counter, int("max", 0, 128, [0, 1, 2, 4, 31, 32, 33, 64])],
      weight: 3,
      run(h: holder, n: number): number {
        mutex_lock(set_max_mutex);
        const ret = page_counter_set_max(h.counter, n);
        if (ret !== 0) addTally(REFUSED + h.index, Math.max(0, n - tally(REFUSED + h.index)));
        mutex_unlock(set_max_mutex);
        WARN_ON(ret !== 0 && ret !== -EBUSY, `set_max returned ${ret}`);
        return ret;
      },
    },
    read: {
      doc: "Read a counter: it may be above the charges, but it is never negative.",
      args: [counter],
      contexts: EVERYWHERE,
      run(h: holder): void {
        const usage = page_counter_read(h.counter);
        WARN_ON(usage < 0, `the counter has ${usage} pages`);
      },
    },
  },
};
export default pageCounterTarget;
