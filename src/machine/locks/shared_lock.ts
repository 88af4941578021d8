/**
 * Locks that readers share: rwlocks and rw_semaphores.
 *
 * Readers are counted in the lock word, so they really are inside together. A reader that is not
 * recursive queues behind writers that wait, as with queued rwlocks and rw_semaphores: whoever reads
 * twice in a task can deadlock.
 *
 * @module
 */
import * as lockWord from "../layout/lock_word.ts";
import * as registers from "../layout/registers.ts";
import * as waitWords from "../layout/waits.ts";
import { views } from "../words/arena.ts";
import { block } from "../hooks/mode.ts";
import { lockComing, lockLeaving, lockTaken, lockWaited } from "./lock.ts";
import { isFreeFor } from "../layout/lock_word.ts";
import { noteRelease } from "../memory/note_meetings.ts";
import { point, pointLock } from "../memory/point.ts";

const { mem, FREE } = views();
const { HOW_LOCK, HOW_READ, HOW_RECURSIVE, HOW_TRY, OWNER, READER, READERS_IN, WAITER } = lockWord;
const { regs, CPU } = registers;
const { WAIT_READ, WAIT_READ_NOW, WAIT_WRITE } = waitWords;

/** Add to the word if it is free in the way of `kind`. */
function tryAdd(kind: number, a: number, n: number): boolean {
  if (!FREE) {
    if (!isFreeFor(kind, mem[a])) return false;
    mem[a] += n;
    return true;
  }
  for (;;) {
    const word = Atomics.load(mem, a);
    if (!isFreeFor(kind, word)) return false;
    if (Atomics.compareExchange(mem, a, word, word + n) === word) return true;
  }
}

function add(a: number, n: number): void {
  if (FREE) Atomics.add(mem, a, n);
  else mem[a] += n;
}

/** Take the lock at `a` for writing, waiting until nobody is inside. */
export function writeAcquire(prim: number, a: number, cls: number, sleeps: boolean): void {
  pointLock(prim, a);
  lockComing(a, cls, HOW_LOCK);
  const me = regs[CPU] + 1;
  if (!tryAdd(WAIT_WRITE, a, me)) {
    add(a, WAITER); // from here on readers queue
    do block(WAIT_WRITE, a, sleeps); while (!tryAdd(WAIT_WRITE, a, me - WAITER));
    lockWaited(prim, a);
  }
  lockTaken(a, cls, HOW_LOCK);
}

/** Take the lock at `a` for writing if nobody is inside. */
export function writeTry(prim: number, a: number, cls: number): boolean {
  pointLock(prim, a);
  if (!tryAdd(WAIT_WRITE, a, regs[CPU] + 1)) return false;
  lockTaken(a, cls, HOW_TRY);
  return true;
}

/** The writer leaves. */
export function writeRelease(prim: number, a: number, cls: number): void {
  point(prim, a);
  noteRelease(a);
  lockLeaving(a, cls, HOW_LOCK);
  add(a, -(mem[a] & OWNER));
}

/** Take the lock at `a` for reading; a recursive reader does not queue behind waiting writers. */
export function readAcquire(
  prim: number,
  a: number,
  cls: number,
  sleeps: boolean,
  queues: boolean,
  recursive: boolean,
): void {
  pointLock(prim, a);
  const how = recursive ? HOW_READ | HOW_RECURSIVE : HOW_READ;
  lockComing(a, cls, how);
  const kind = queues ? WAIT_READ : WAIT_READ_NOW;
  if (!tryAdd(kind, a, READER)) {
    do block(kind, a, sleeps); while (!tryAdd(kind, a, READER));
    lockWaited(prim, a);
  }
  lockTaken(a, cls, how);
}

/** Take the lock at `a` for reading if no writer is inside. */
export function readTry(prim: number, a: number, cls: number, how: number): boolean {
  pointLock(prim, a);
  if (!tryAdd(WAIT_READ_NOW, a, READER)) return false;
  lockTaken(a, cls, how | HOW_READ | HOW_TRY);
  return true;
}

/** A reader leaves. */
export function readRelease(prim: number, a: number, cls: number): void {
  point(prim, a);
  lockLeaving(a, cls, HOW_READ);
  if ((mem[a] & READERS_IN) !== 0) add(a, -READER);
}

/** The writer becomes a reader: others may read as well. */
export function writeDowngrade(prim: number, a: number, cls: number): void {
  point(prim, a);
  lockLeaving(a, cls, HOW_LOCK);
  add(a, READER - (mem[a] & OWNER));
  lockTaken(a, cls, HOW_READ | HOW_TRY); // it cannot wait: the lock was its own
}
