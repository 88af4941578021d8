/** SCTBench CS/queue: the consumer counts the items that it did not get. @module */
import { array_load, array_store } from "../../../src/machine/memory/access.ts";
import { expect, integerArray, integers, locked, mutex } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const SIZE = 20;

const { mended } = variantOf(import.meta.url);
const queued = integerArray("queued", SIZE);
const expected = integerArray("expected", SIZE);
const s = integers("queue", "head", "tail", "enqueue", "dequeue");
const m = mutex("m");

function put(value: number): void {
  array_store(queued.$at, s.tail, value);
  s.tail = (s.tail + 1) % SIZE;
}

function get(): number {
  const value = array_load(queued.$at, s.head);
  s.head = (s.head + 1) % SIZE;
  return value;
}

function swap(): void {
  s.enqueue = 1 - s.enqueue;
  s.dequeue = 1 - s.dequeue;
}

/** The number that is enqueued as number `i`. */
const valueOf = (i: number) => i * i + 1;

function produce(): void {
  locked(m, () => {
    put(valueOf(0));
    array_store(expected.$at, 0, valueOf(0));
  });
  let i = 0;
  for (let turn = 0; turn < SIZE - 1; turn++) {
    locked(m, () => {
      if (mended && s.enqueue === 0) return;
      i++;
      if (s.enqueue === 0) return;
      put(valueOf(i));
      array_store(expected.$at, i, valueOf(i));
      swap();
    });
  }
}

function consume(): void {
  let i = 0;
  for (let turn = 0; turn < SIZE; turn++) {
    locked(m, () => {
      if (s.dequeue !== 0) {
        expect(get() === array_load(expected.$at, i));
        swap();
        i++;
      } else if (!mended) i++;
    });
  }
}

export default program({
  url: import.meta.url,
  doc: "A producer and a consumer of a queue.",
  boot: () => {
    s.enqueue = 1;
  },
  kinds: { produce, consume },
  threads: ["produce", "consume"],
});
