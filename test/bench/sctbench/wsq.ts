/**
 * Chess/WSQ and InterlockedWSQ: a work-stealing queue whose push believes that there is room for one
 * item more than there is, and overwrites what a thief is about to read.
 *
 * `?n=1` has a spin lock made of an atomic exchange (InterlockedWSQ) instead of a mutex.
 *
 * @module
 */
import {
  array_read,
  array_write,
  atomic_set,
  READ_ONCE,
  WRITE_ONCE,
  xchg,
} from "../../../src/machine/memory/access.ts";
import { array_load, array_store } from "../../../src/machine/memory/access.ts";
import { expect, integerArray, integers, lock, mutex, unlock } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const ITEMS = 4;
const SIZE_MAX = 16;
const STEALS = 2;

const { mended, n } = variantOf(import.meta.url);
const s = integers("deque", "head", "tail", "mask", "spin");
const elements = integerArray("elements", SIZE_MAX);
const fields = integerArray("fields", ITEMS);
const m = mutex("m");

function enter(): void {
  if (n === 0) return lock(m);
  while (xchg(s.$spin, 1) !== 0);
}

function leave(): void {
  if (n === 0) return unlock(m);
  atomic_set(s.$spin, 0);
}

/** The item was taken: it must be so once. */
function execute(item: number): void {
  array_store(fields.$at, item, array_load(fields.$at, item) + 1);
}

function read(i: number): number {
  return array_read(elements.$at, i & s.mask);
}

/** Make room under the lock: the oldest item is at 0 again, and the array is large enough. */
function grow(): void {
  const head = READ_ONCE(s.$head);
  const count = READ_ONCE(s.$tail) - head;
  const items = Array.from({ length: count }, (_, i) => read(head + i));
  if (count >= s.mask) s.mask = 2 * s.mask + 1;
  items.forEach((item, i) => array_write(elements.$at, i, item));
  WRITE_ONCE(s.$head, 0);
  WRITE_ONCE(s.$tail, count);
}

function push(item: number): void {
  let tail = READ_ONCE(s.$tail);
  if (tail >= READ_ONCE(s.$head) + s.mask + (mended ? 0 : 1)) {
    enter();
    grow();
    tail = READ_ONCE(s.$tail);
    array_write(elements.$at, tail & s.mask, item);
    WRITE_ONCE(s.$tail, tail + 1);
    leave();
    return;
  }
  array_write(elements.$at, tail & s.mask, item);
  WRITE_ONCE(s.$tail, tail + 1);
}

/** Pop under the lock, where a thief may be after the same item; -1 if the queue is empty. */
function popSlowly(): number {
  enter();
  const tail = READ_ONCE(s.$tail) - 1;
  WRITE_ONCE(s.$tail, tail);
  const has = READ_ONCE(s.$head) <= tail;
  const item = has ? read(tail) : -1;
  if (!has) {
    WRITE_ONCE(s.$head, 0);
    WRITE_ONCE(s.$tail, 0);
  }
  leave();
  return item;
}

function pop(): number {
  const tail = READ_ONCE(s.$tail) - 1;
  xchg(s.$tail, tail);
  if (READ_ONCE(s.$head) <= tail) return read(tail);
  WRITE_ONCE(s.$tail, tail + 1);
  return popSlowly();
}

function steal(): number {
  enter();
  const head = READ_ONCE(s.$head);
  xchg(s.$head, head + 1);
  const has = head < READ_ONCE(s.$tail);
  const item = has ? read(head) : -1;
  if (!has) WRITE_ONCE(s.$head, head);
  leave();
  return item;
}

function run(item: number): void {
  if (item >= 0) execute(item);
}

export default program({
  url: import.meta.url,
  doc: "The owner of a work-stealing queue, and a thief.",
  boot: () => {
    s.mask = 1;
  },
  kinds: {
    own() {
      for (let i = 0; i < ITEMS; i += 2) {
        push(i);
        push(i + 1);
        run(pop());
      }
      for (let i = 0; i < 2; i++) run(pop());
    },
    thieve() {
      for (let i = 0; i < STEALS; i++) run(steal());
    },
  },
  threads: ["own", "thieve"],
  afterwards() {
    for (let i = 0; i < ITEMS; i++) expect(array_load(fields.$at, i) === 1);
  },
});
