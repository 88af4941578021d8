/**
 * SCTBench CS/sync01 and sync02: more items are there than the consumer takes, so the producer waits
 * for a signal that cannot come.
 *
 * sync01 has one item; its consumer takes only an item whose arrival was signalled. In sync02 the
 * consumer takes one of two.
 *
 * @module
 */
import { condition, integers, locked, mutex, signal, wait } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const { mended, n } = variantOf(import.meta.url);
const s = integers("sync", "items", "arrived");
const [empty, full] = [condition("empty"), condition("full")];
const m = mutex("m");

export default program({
  url: import.meta.url,
  doc: "A producer and a consumer of one item.",
  boot: () => {
    s.items = mended ? 0 : n;
    s.arrived = n > 1 && !mended ? 1 : 0;
  },
  kinds: {
    produce() {
      locked(m, () => {
        while (s.items > 0) wait(empty, m);
        s.items++;
        s.arrived = 1;
      });
      signal(full);
    },
    consume() {
      locked(m, () => {
        while (s.arrived === 0) wait(full, m);
        s.items--;
      });
      signal(empty);
    },
  },
  threads: ["produce", "consume"],
});
