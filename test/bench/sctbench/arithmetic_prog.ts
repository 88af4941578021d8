/** SCTBench CS/arithmetic_prog: the sum is right, and the assertion says that it is not. @module */
import { condition, expect, integers, locked, mutex, signal, wait } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const ITEMS = 3;

const { mended } = variantOf(import.meta.url);
const s = integers("slot", "number", "full", "total");
const [empty, full] = [condition("empty"), condition("full")];
const m = mutex("m");

function produce(): void {
  for (let i = 1; i <= ITEMS; i++) {
    locked(m, () => {
      while (s.full !== 0) wait(empty, m);
      s.number = i;
      s.full = 1;
      signal(full);
    });
  }
}

function consume(): void {
  for (let i = 1; i <= ITEMS; i++) {
    locked(m, () => {
      while (s.full === 0) wait(full, m);
      s.total += s.number;
      s.full = 0;
      signal(empty);
    });
  }
}

export default program({
  url: import.meta.url,
  doc: "A producer and a consumer with one slot add up an arithmetic progression.",
  kinds: { produce, consume },
  threads: ["produce", "consume"],
  afterwards() {
    const isRight = s.total === (ITEMS * (ITEMS + 1)) / 2;
    expect(mended ? isRight : !isRight);
  },
});
