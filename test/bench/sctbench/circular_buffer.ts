/**
 * SCTBench CS/circular_buffer: the consumer counts the items that it did not get. @module
 */
import { array_load, array_store } from "../../../src/machine/memory/access.ts";
import { expect, integerArray, integers, locked, mutex } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const SIZE = 10;
const ITEMS = 7;

const { mended } = variantOf(import.meta.url);
const buffer = integerArray("buffer", SIZE);
const s = integers("ring", "first", "next", "send", "receive");
const m = mutex("m");

/** Insert item `i`, if it is the producer's turn. */
function insert(i: number): boolean {
  if (s.send === 0) return false;
  array_store(buffer.$at, s.next, i);
  s.next = (s.next + 1) % SIZE;
  s.send = 0;
  s.receive = 1;
  return true;
}

/** Remove an item, which must be `i`, if it is the consumer's turn. */
function remove(i: number): boolean {
  if (s.receive === 0) return false;
  const item = array_load(buffer.$at, s.first);
  s.first = (s.first + 1) % SIZE;
  expect(item === i);
  s.receive = 0;
  s.send = 1;
  return true;
}

/** `ITEMS` turns; the mended program counts only those that did something. */
function turns(f: (i: number) => boolean): void {
  let i = 0;
  for (let turn = 0; turn < ITEMS; turn++) if (locked(m, () => f(i)) || !mended) i++;
}

export default program({
  url: import.meta.url,
  doc: "A producer and a consumer of numbers.",
  boot: () => {
    s.send = 1;
  },
  kinds: { produce: () => turns(insert), consume: () => turns(remove) },
  threads: ["produce", "consume"],
});
