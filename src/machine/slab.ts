/**
 * Slabs: handing out the objects of a structure type.
 *
 * A freed object is not handed out again in the same execution, which is KASAN's quarantine without
 * a bound: slabs are sized for the largest input. The kernel's allocator (kernel/slab.ts) decides
 * about failures and about what is zeroed.
 *
 * @module
 */
import * as arena from "./arena.ts";
import { IMAGE_AT, MEM_AT } from "./arena.ts";
import { machineLock, machineUnlock } from "./mutex.ts";
import { oops, OOPS_CAPACITY } from "./oops.ts";
import { FREED, LIVE, setShadow, UNWRITTEN } from "./shadow.ts";
import { memoryEnd, type Struct, type StructType, structTypes } from "./struct.ts";

const { all, FREE, mem, slab } = arena;

/** Told of every allocation after it, and of every free before it. */
export interface AllocationObserver {
  allocated(o: Struct): void;
  freed(o: Struct): void;
}

const observers: AllocationObserver[] = [];

/** Add an observer. */
export function onAllocation(o: AllocationObserver): void {
  observers.push(o);
}

/** Words per type in the arena: objects handed out, objects freed. */
const WORDS = 2;

/** Hand out an object: zeroed, or as it comes. */
export function slabAlloc<T extends Struct>(type: StructType<T>, zero: boolean): T {
  if (FREE) machineLock();
  const i = slab[type.id * WORDS];
  if (i >= type.objects.length) {
    if (FREE) machineUnlock();
    oops(OOPS_CAPACITY, 0, 0, `more than ${type.objects.length} objects of type ${type.name}`);
  }
  slab[type.id * WORDS] = i + 1;
  if (FREE) machineUnlock();
  const o = type.objects[i];
  const a = o.a;
  for (let c = 0; c < type.cells; c++) {
    mem[a + 2 * c] = zero ? 0 : 0x6b6b6b6b | 0; // POISON_FREE: what a fresh slab object may hold
    mem[a + 2 * c + 1] = zero ? LIVE : UNWRITTEN;
  }
  for (let i = 0; i < observers.length; i++) observers[i].allocated(o);
  return o;
}

/** Take an object back. */
export function slabFree(o: Struct): void {
  for (let i = 0; i < observers.length; i++) observers[i].freed(o);
  setShadow(o.a, o.type.cells, FREED);
  slab[o.type.id * WORDS + 1]++;
}

/** Objects handed out so far in this execution. */
export function slabUsed(type: StructType): number {
  return slab[type.id * WORDS];
}

/** Objects of a type that are allocated now, in address order. */
export function forEachLive<T extends Struct>(type: StructType<T>, f: (o: T) => void): void {
  const n = slab[type.id * WORDS];
  for (let i = 0; i < n; i++) {
    const o = type.objects[i];
    const state = mem[o.a + 1] & 7;
    if (state === LIVE || state === UNWRITTEN) f(o);
  }
}

/** Whether an object is allocated, as its first cell says. */
export function isLive(o: Struct): boolean {
  const state = mem[o.a + 1] & 7;
  return state === LIVE || state === UNWRITTEN;
}

const booted = new Int32Array(128);

/** Everything as it is now becomes what executions start from. */
export function takeImage(): void {
  all.copyWithin(IMAGE_AT, MEM_AT, MEM_AT + memoryEnd());
  booted.set(slab);
}

/** Put memory back to the image: only what may have been used. */
export function restoreImage(): void {
  const types = structTypes();
  for (let t = 0; t < types.length; t++) {
    const type = types[t];
    const n = type.isStatic ? type.objects.length : slab[t * WORDS];
    if (n === 0) continue;
    const from = IMAGE_AT + type.base;
    all.copyWithin(MEM_AT + type.base, from, from + n * type.stride + 2);
  }
  slab.set(booted);
}
