/**
 * SafeStack: a lock-free stack of indices. A node that is popped has -1 as its successor, and a head
 * that left and came back goes unnoticed, so two threads can own one node. That needs three threads
 * and five preemptions.
 *
 * @module
 */
import {
  array_load,
  array_store,
  atomic_add,
  atomic_read,
  cmpxchg,
  element,
  xchg,
} from "../../../src/machine/memory/access.ts";
import { CPU, regs } from "../../../src/machine/layout/registers.ts";
import { expect, integerArray, integers, locked, mutex } from "./pthread.ts";
import { program, times, variantOf } from "./program.ts";

const THREADS = 3;
const ROUNDS = 2;
const TAKEN = -1;

const { mended } = variantOf(import.meta.url);
const s = integers("stack", "head", "count");
const next = integerArray("next", THREADS);
const value = integerArray("value", THREADS);
const m = mutex("m");

function pop(): number {
  while (atomic_read(s.$count) > 1) {
    const head = atomic_read(s.$head);
    const after = xchg(element(next.$at, head), TAKEN);
    if (after === TAKEN) continue;
    if (cmpxchg(s.$head, head, after) === head) {
      atomic_add(-1, s.$count);
      return head;
    }
    xchg(element(next.$at, head), after);
  }
  return -1;
}

function push(i: number): void {
  let head = atomic_read(s.$head);
  for (;;) {
    xchg(element(next.$at, i), head);
    const seen = cmpxchg(s.$head, head, i);
    if (seen === head) break;
    head = seen;
  }
  atomic_add(1, s.$count);
}

function useOne(): void {
  let node = -1;
  while (node < 0) node = pop();
  array_store(value.$at, node, regs[CPU]);
  expect(array_load(value.$at, node) === regs[CPU]);
  push(node);
}

export default program({
  url: import.meta.url,
  doc: "Three threads pop and push three nodes.",
  boot() {
    s.count = THREADS;
    for (let i = 0; i < THREADS; i++) array_store(next.$at, i, i + 1 < THREADS ? i + 1 : TAKEN);
  },
  kinds: {
    use() {
      for (let round = 0; round < ROUNDS; round++) mended ? locked(m, useOne) : useOne();
    },
  },
  threads: times(THREADS, "use"),
});
