/** SCTBench CS/stateful01: the sums do not depend on the order. There is no bug. @module */
import { expect, integers, locked, mutex } from "./pthread.ts";
import { program } from "./program.ts";

const s = integers("state", "data1", "data2");
const m = mutex("m");

export default program({
  url: import.meta.url,
  doc: "Two threads change two numbers under a mutex.",
  boot() {
    s.data1 = 10;
    s.data2 = 10;
  },
  kinds: {
    up() {
      locked(m, () => s.data1++);
      locked(m, () => s.data2++);
    },
    down() {
      locked(m, () => s.data1 += 5);
      locked(m, () => s.data2 -= 6);
    },
  },
  threads: ["up", "down"],
  afterwards: () => expect(s.data1 === 16 && s.data2 === 5),
});
