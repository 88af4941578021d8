/**
 * Lock words: the part of locks that blocks.
 *
 * A lock is a cell that holds 0, or the number of the owning CPU plus one. What kind of lock it is
 * — whether it sleeps, whether it turns interrupts off — is the kernel's business (spinlock.ts).
 *
 * @module
 */
import * as arena from "./arena.ts";
import { CELLS, CPUS_MAX } from "./arena.ts";
import { block } from "./baton.ts";
import { WAIT_JOIN, WAIT_KIND, WAIT_LOCK, WAIT_ON, WAIT_RCU, WAIT_STOP } from "./control.ts";
import { HELD, HELD_ADDR, HELD_CLASS } from "./percpu.ts";
import { point } from "./point.ts";
import * as registers from "./registers.ts";
import { BLOCK, CPU } from "./registers.ts";
import type { Struct } from "./struct.ts";

const { ctl, FREE, mem, pcpu } = arena;
const { regs } = registers;

/** Locks one CPU may hold at once. */
export const HELD_MAX = 16;

/** How a lock is taken, or was: bits of `how`. */
export const HOW_LOCK = 0;
/** By a trylock: it did not wait. */
export const HOW_TRY = 1;
/** Shared with other readers. */
export const HOW_READ = 2;
/** Shared, and granted though a writer waits: a reader inside a reader cannot deadlock. */
export const HOW_RECURSIVE = 4;

/** Who looks at every lock: lockdep, KCSAN. `a` is the address of the lock word, `cls` its class. */
export interface LockObserver {
  /** Before waiting for it, whether it is free or not; not called for a trylock. */
  acquire?(a: number, cls: number, how: number): void;
  /** It is this CPU's now; {@linkcode HOW_TRY} tells that a trylock got it. */
  acquired?(a: number, cls: number, how: number): void;
  /** It is about to be let go; `how` as it was taken, without {@linkcode HOW_TRY}. */
  release?(a: number, cls: number, how: number): void;
}

const classNames: string[] = ["?"];
const classes = new Int16Array(2 * CELLS);

/** Class of a lock: one per static variable, one per field of a structure. */
export function lockClass(lock: Struct): number {
  return classes[lock.a] || register(lock);
}

function register(lock: Struct): number {
  const outer = lock.outer;
  const field = outer?.type.fields.find((f) => 2 * f.offset === lock.a - outer.a)?.name;
  const name = outer === null ? lock.type.name : `${outer.type.name}->${field}`;
  const known = classNames.indexOf(name);
  const cls = known >= 0 ? known : classNames.push(name) - 1;
  classes[lock.a] = cls;
  return cls;
}

/** Name of a lock class. */
export function lockClassName(cls: number): string {
  return classNames[cls] ?? "?";
}

type Hook = (a: number, cls: number, how: number) => void;
const onAcquire: Hook[] = [];
const onAcquired: Hook[] = [];
const onRelease: Hook[] = [];

/** Add an observer; they are told in the order in which they were added. */
export function observeLocks(o: LockObserver): void {
  if (o.acquire) onAcquire.push(o.acquire);
  if (o.acquired) onAcquired.push(o.acquired);
  if (o.release) onRelease.push(o.release);
}

function tell(hooks: readonly Hook[], a: number, cls: number, how: number): void {
  for (let i = 0; i < hooks.length; i++) hooks[i](a, cls, how);
}

function hold(a: number, cls: number): void {
  const b = regs[BLOCK];
  const n = pcpu[b + HELD];
  if (n < HELD_MAX) {
    pcpu[b + HELD_CLASS + n] = cls;
    pcpu[b + HELD_ADDR + n] = a;
  }
  pcpu[b + HELD] = n + 1;
}

function drop(a: number): void {
  const b = regs[BLOCK];
  const n = Math.min(pcpu[b + HELD], HELD_MAX);
  let i = n - 1;
  while (i >= 0 && pcpu[b + HELD_ADDR + i] !== a) i--;
  if (i < 0) return;
  for (; i < n - 1; i++) {
    pcpu[b + HELD_ADDR + i] = pcpu[b + HELD_ADDR + i + 1];
    pcpu[b + HELD_CLASS + i] = pcpu[b + HELD_CLASS + i + 1];
  }
  pcpu[b + HELD]--;
}

function tryWord(a: number): boolean {
  if (FREE) return Atomics.compareExchange(mem, a, 0, regs[CPU] + 1) === 0;
  if (mem[a] !== 0) return false;
  mem[a] = regs[CPU] + 1;
  return true;
}

/** Take the lock at `a`, waiting if it is held. */
export function lockAcquire(prim: number, a: number, cls: number, sleeps: boolean): void {
  point(prim, a);
  tell(onAcquire, a, cls, HOW_LOCK);
  while (!tryWord(a)) block(WAIT_LOCK, a, sleeps);
  hold(a, cls);
  tell(onAcquired, a, cls, HOW_LOCK);
}

/** Take the lock at `a` if it is free. */
export function lockTry(prim: number, a: number, cls: number): boolean {
  point(prim, a);
  if (!tryWord(a)) return false;
  hold(a, cls);
  tell(onAcquired, a, cls, HOW_TRY);
  return true;
}

/** Release the lock at `a`. */
export function lockRelease(prim: number, a: number, cls: number): void {
  point(prim, a);
  tell(onRelease, a, cls, HOW_LOCK);
  drop(a);
  if (FREE) {
    Atomics.store(mem, a, 0);
    Atomics.notify(mem, a, 1);
  } else {
    mem[a] = 0;
  }
}

/** The CPU that holds the lock at `a`, or -1. */
export function lockOwner(a: number): number {
  return mem[a] - 1;
}

/** What a blocked CPU waits for, in words. */
export function describeWait(cpu: number): string {
  const on = ctl[WAIT_ON + cpu];
  switch (ctl[WAIT_KIND + cpu]) {
    case WAIT_LOCK: {
      const owner = lockOwner(on);
      const held = owner >= 0 && owner < CPUS_MAX ? `, held by CPU${owner}` : "";
      return `waits for ${lockClassName(classes[on])}${held}`;
    }
    case WAIT_RCU:
      return "waits for a grace period";
    case WAIT_STOP:
      return `waits for CPU${on} to stop`;
    case WAIT_JOIN:
      return `waits for CPU${on} to finish`;
    default:
      return "waits for a word to change";
  }
}

/** Whether this CPU holds the lock at `a`. */
export function holdsLock(a: number): boolean {
  const b = regs[BLOCK];
  for (let i = 0; i < pcpu[b + HELD]; i++) if (pcpu[b + HELD_ADDR + i] === a) return true;
  return false;
}

/** Whether this CPU holds a lock of that class. */
export function holdsClass(cls: number): boolean {
  const b = regs[BLOCK];
  for (let i = 0; i < pcpu[b + HELD]; i++) if (pcpu[b + HELD_CLASS + i] === cls) return true;
  return false;
}
