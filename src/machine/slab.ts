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
import { BOOTED_AT, IMAGE_AT, MEM_AT } from "./arena.ts";
import { machineLock, machineUnlock } from "./mutex.ts";
import { oops, OOPS_CAPACITY } from "./oops.ts";
import { FREED, LIVE, setShadow, UNWRITTEN } from "./shadow.ts";
import { memoryEnd, staticEnd, type Struct, type StructType, structTypes } from "./struct.ts";

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

function full(type: StructType): never {
  oops(OOPS_CAPACITY, 0, 0, `more than ${type.objects.length} objects of type ${type.name}`);
}

function takeNext<T extends Struct>(type: StructType<T>): T {
  const i = slab[type.id * WORDS];
  if (i >= type.objects.length) full(type);
  slab[type.id * WORDS] = i + 1;
  return type.objects[i];
}

/** Free-running CPUs repeat their programs: when the slab is used up, the oldest freed one goes. */
function takeFree<T extends Struct>(type: StructType<T>): T {
  machineLock();
  let i = slab[type.id * WORDS];
  if (i < type.objects.length) slab[type.id * WORDS] = i + 1;
  else {
    const first = slab[type.id * WORDS + 1]++ % type.objects.length;
    i = first;
    while ((mem[type.objects[i].a + 1] & 7) !== FREED) {
      i = (i + 1) % type.objects.length;
      if (i !== first) continue;
      machineUnlock();
      full(type);
    }
  }
  const o = type.objects[i];
  setShadow(o.a, 1, UNWRITTEN); // taken, before the lock is let go
  machineUnlock();
  return o;
}

/** Hand out an object: zeroed, or as it comes. */
export function slabAlloc<T extends Struct>(type: StructType<T>, zero: boolean): T {
  const o = FREE ? takeFree(type) : takeNext(type);
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

/**
 * The same by address: `f` gets the address and the number of each allocated object. For oracles in
 * the loop, which read cells of many types: through wrappers every such read would be megamorphic.
 */
export function forEachLiveAt(type: StructType, f: (a: number, index: number) => void): void {
  const n = type.isStatic ? type.objects.length : slab[type.id * WORDS];
  let a = type.base + 2;
  for (let i = 0; i < n; i++) {
    const state = mem[a + 1] & 7;
    if (state === LIVE || state === UNWRITTEN) f(a, i);
    a += type.stride;
  }
}

/** Number of the object of a type that an address lies in. */
export function indexAt(type: StructType, a: number): number {
  return ((a - type.base) / type.stride) | 0;
}

/** Whether an object is allocated, as its first cell says. */
export function isLive(o: Struct): boolean {
  const state = mem[o.a + 1] & 7;
  return state === LIVE || state === UNWRITTEN;
}

/** Slab counters that belong to an image. */
const booted = new Int32Array(slab.length);
const prepared = new Int32Array(slab.length);

/** Everything as it is now becomes what executions start from. */
export function takeImage(): void {
  all.copyWithin(IMAGE_AT, MEM_AT, MEM_AT + memoryEnd());
  booted.set(slab);
}

/** The same for the executions of one program: after its boot operations. */
export function takePrepared(): void {
  all.copyWithin(BOOTED_AT, MEM_AT, MEM_AT + staticEnd());
  for (const t of slabs()) {
    const n = slab[t.id * WORDS] * t.stride + 2;
    all.copyWithin(BOOTED_AT + t.base, MEM_AT + t.base, MEM_AT + t.base + n);
  }
  prepared.set(slab);
}

let slabTypes: readonly StructType[] | null = null;

function slabs(): readonly StructType[] {
  slabTypes ??= structTypes().filter((t) => !t.isStatic && t.objects.length > 0);
  return slabTypes;
}

/** Copy objects `from` to `to` of a type back from an image. */
function restoreObjects(t: StructType, image: number, from: number, to: number): void {
  if (from >= to) return;
  const start = t.base + from * t.stride;
  all.copyWithin(MEM_AT + start, image + start, image + t.base + to * t.stride + 2);
}

/** Put memory back to the image: only what may have been used. */
export function restoreImage(): void {
  all.copyWithin(MEM_AT, IMAGE_AT, IMAGE_AT + staticEnd());
  const types = slabs();
  for (let i = 0; i < types.length; i++) {
    restoreObjects(types[i], IMAGE_AT, 0, slab[types[i].id * WORDS]);
  }
  slab.set(booted);
}

/** Put memory back to what {@linkcode takePrepared} saw; what came later was never allocated. */
export function restorePrepared(): void {
  all.copyWithin(MEM_AT, BOOTED_AT, BOOTED_AT + staticEnd());
  const types = slabs();
  for (let i = 0; i < types.length; i++) {
    const t = types[i];
    const had = prepared[t.id * WORDS];
    restoreObjects(t, IMAGE_AT, had, slab[t.id * WORDS]);
    restoreObjects(t, BOOTED_AT, 0, had);
  }
  slab.set(prepared);
}
