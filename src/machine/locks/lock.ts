/**
 * Locks: the part that blocks, which locks a CPU holds, and who is told.
 *
 * What kind of lock it is — whether it sleeps, whether it turns interrupts off — is the kernel's
 * business (kernel/spinlock.ts and its like); locks that readers share are in shared_lock.ts.
 *
 * @module
 */
import * as contextWords from "../layout/contexts.ts";
import * as heldWords from "../layout/held.ts";
import * as lockWord from "../layout/lock_word.ts";
import * as recordWords from "../layout/recording.ts";
import * as registers from "../layout/registers.ts";
import * as sizes from "../layout/sizes.ts";
import * as waitWords from "../layout/waits.ts";
import { views } from "../words/arena.ts";
import { heldClass, packHeld } from "../layout/held_lock.ts";
import { block } from "../hooks/mode.ts";
import { oops, OOPS_CAPACITY } from "../findings/oops.ts";
import { noteRelease } from "../memory/note_meetings.ts";
import { point, pointLock } from "../memory/point.ts";
import { recordWaited } from "../record/trace.ts";
import { maySleepOnLock } from "../hooks/sleep.ts";

const { ctl, mem, pcpu, FREE } = views();
const { CONTEXT } = contextWords;
const { HELD, HELD_ADDR, HELD_CLASS } = heldWords;
const { HOW_LOCK, HOW_TRY, OWNER } = lockWord;
const { TRACING } = recordWords;
const { regs, BLOCK, CPU } = registers;
const { HELD_MAX } = sizes;
const { WAIT_LOCK } = waitWords;

/** Who looks at every lock: lockdep, KCSAN. `a` is the address of the lock word, `cls` its class. */
export interface LockObserver {
  /** Before waiting for it, whether it is free or not; not called for a trylock. */
  acquire?(a: number, cls: number, how: number): void;
  /** It is this CPU's now; {@linkcode HOW_TRY} tells that a trylock got it. */
  acquired?(a: number, cls: number, how: number): void;
  /** It is about to be let go; `how` without {@linkcode HOW_TRY}. */
  release?(a: number, cls: number, how: number): void;
  /** It is about to be initialised. */
  init?(a: number, cls: number): void;
}

type Hook = (a: number, cls: number, how: number) => void;
const nobody: Hook = () => {};
// One function per occasion, not a list: a list would be walked, and called through, at every lock.
let onAcquire = nobody;
let onAcquired = nobody;
let onRelease = nobody;
let onInit = nobody;

function both(first: Hook, second: Hook | undefined): Hook {
  if (second === undefined) return first;
  if (first === nobody) return second;
  return (a, cls, how) => {
    first(a, cls, how);
    second(a, cls, how);
  };
}

/** Add an observer; they are told in the order in which they were added. */
export function observeLocks(o: LockObserver): void {
  onAcquire = both(onAcquire, o.acquire);
  onAcquired = both(onAcquired, o.acquired);
  onRelease = both(onRelease, o.release);
  onInit = both(onInit, o.init);
}

function hold(a: number, cls: number, how: number): void {
  const b = regs[BLOCK];
  const n = pcpu[b + HELD];
  if (n >= HELD_MAX) oops(OOPS_CAPACITY, 0, a, `more than ${HELD_MAX} locks held by one CPU`);
  pcpu[b + HELD_CLASS + n] = packHeld(cls, how, pcpu[b + CONTEXT]);
  pcpu[b + HELD_ADDR + n] = a;
  pcpu[b + HELD] = n + 1;
}

/** Position of the lock at `a` among those this CPU holds, the last taken first; or -1. */
export function heldIndex(a: number): number {
  const b = regs[BLOCK];
  let i = pcpu[b + HELD] - 1;
  while (i >= 0 && pcpu[b + HELD_ADDR + i] !== a) i--;
  return i;
}

function drop(a: number): void {
  const b = regs[BLOCK];
  const n = pcpu[b + HELD];
  let i = heldIndex(a);
  if (i < 0) return;
  for (; i < n - 1; i++) {
    pcpu[b + HELD_ADDR + i] = pcpu[b + HELD_ADDR + i + 1];
    pcpu[b + HELD_CLASS + i] = pcpu[b + HELD_CLASS + i + 1];
  }
  pcpu[b + HELD]--;
}

/** Tell that this CPU is about to wait for a lock. */
export function lockComing(a: number, cls: number, how: number): void {
  onAcquire(a, cls, how);
}

/** This CPU waited for the lock at `a`, and has it now. */
export function lockWaited(prim: number, a: number): void {
  if (ctl[TRACING] !== 0) recordWaited(prim, a);
}

/** This CPU has the lock at `a` now. */
export function lockTaken(a: number, cls: number, how: number): void {
  hold(a, cls, how);
  onAcquired(a, cls, how);
}

/** This CPU is about to let the lock at `a` go. */
export function lockLeaving(a: number, cls: number, how: number): void {
  onRelease(a, cls, how);
  drop(a);
}

/** A lock is initialised: free, whatever it was. */
export function lockInit(a: number, cls: number): void {
  onInit(a, cls, 0);
}

function tryWord(a: number): boolean {
  if (FREE) return Atomics.compareExchange(mem, a, 0, regs[CPU] + 1) === 0;
  if (mem[a] !== 0) return false;
  mem[a] = regs[CPU] + 1;
  return true;
}

/** Take the lock at `a`, waiting if it is held. */
export function lockAcquire(prim: number, a: number, cls: number, sleeps: boolean): void {
  pointLock(prim, a);
  onAcquire(a, cls, HOW_LOCK);
  if (sleeps) maySleepOnLock();
  if (!tryWord(a)) {
    do block(WAIT_LOCK, a, sleeps); while (!tryWord(a));
    lockWaited(prim, a);
  }
  lockTaken(a, cls, HOW_LOCK);
}

/** Take the lock at `a` if it is free. */
export function lockTry(prim: number, a: number, cls: number): boolean {
  pointLock(prim, a);
  if (!tryWord(a)) return false;
  lockTaken(a, cls, HOW_TRY);
  return true;
}

/** Release the lock at `a`. */
export function lockRelease(prim: number, a: number, cls: number): void {
  point(prim, a);
  noteRelease(a);
  lockLeaving(a, cls, HOW_LOCK);
  if (FREE) Atomics.store(mem, a, 0);
  else mem[a] = 0;
}

/** The CPU that has the lock at `a` for itself, or -1. */
export function lockOwner(a: number): number {
  return (mem[a] & OWNER) - 1;
}

/** Whether this CPU holds the lock at `a`, in whatever way. */
export function holdsLock(a: number): boolean {
  return heldIndex(a) >= 0;
}

/** Whether this CPU holds a lock of that class. */
export function holdsClass(cls: number): boolean {
  const b = regs[BLOCK];
  const n = pcpu[b + HELD];
  for (let i = 0; i < n; i++) if (heldClass(pcpu[b + HELD_CLASS + i]) === cls) return true;
  return false;
}
