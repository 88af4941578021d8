/**
 * Slabs: handing out the objects of a structure type.
 *
 * A freed object is not handed out again in the same execution, which is KASAN's quarantine without
 * a bound: slabs are sized for the largest input. Free-running CPUs repeat their programs and would
 * use up any slab; there the quarantine is a queue, and what comes back is what was freed longest
 * ago, once there is nothing fresh any more. The kernel's allocator (kernel/slab.ts) decides about
 * failures and about what is zeroed.
 *
 * @module
 */
import * as regions from "../layout/regions.ts";
import * as states from "../layout/shadow_states.ts";
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { machineLock, machineUnlock } from "../words/machine_lock.ts";
import { oops, OOPS_CAPACITY } from "../findings/oops.ts";
import { badFree, isUsable, setShadow } from "./shadow.ts";
import { memoryEnd, objectAt, ordinalOf, staticEnd, structTypes } from "./struct.ts";
import type { Struct, StructType } from "./struct_type.ts";

const { all, mem, quarantine, slab, FREE } = views();
const { BOOTED_AT, IMAGE_AT, MEM_AT } = regions;
const { FREED, GARBAGE, LIVE, REDZONE, UNWRITTEN } = states;
const { CELLS, STATIC_CELLS, SLAB_WORDS: WORDS } = sizes;

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

/** Words per type in the arena: objects handed out; objects in quarantine, and the oldest of them. */
const USED = 0;
const QUARANTINED = 1;
const OLDEST = 2;

function full(type: StructType): never {
  oops(OOPS_CAPACITY, 0, 0, `more than ${type.objects.length} objects of type ${type.name}`);
}

function takeNext<T extends Struct>(type: StructType<T>): T {
  const i = slab[type.id * WORDS + USED];
  if (i >= type.objects.length) full(type);
  slab[type.id * WORDS + USED] = i + 1;
  return type.objects[i];
}

/** Place `k` of the quarantine of a type: its objects have consecutive ordinals. */
function place(type: StructType, k: number): number {
  return ordinalOf(type.objects[0]) + (k % type.objects.length);
}

/** Put an object into quarantine, behind those that were freed before it. */
function enqueue(o: Struct): void {
  const w = o.type.id * WORDS;
  machineLock();
  quarantine[place(o.type, slab[w + OLDEST] + slab[w + QUARANTINED]++)] = o.index;
  machineUnlock();
}

/** A fresh object; when there is none any more, the one that has been in quarantine longest. */
function takeFree<T extends Struct>(type: StructType<T>): T {
  const w = type.id * WORDS;
  machineLock();
  let i = slab[w + USED];
  if (i < type.objects.length) slab[w + USED] = i + 1;
  else if (slab[w + QUARANTINED] === 0) {
    machineUnlock();
    full(type);
  } else {
    i = quarantine[place(type, slab[w + OLDEST])];
    slab[w + OLDEST] = (slab[w + OLDEST] + 1) % type.objects.length;
    slab[w + QUARANTINED]--;
  }
  machineUnlock();
  return type.objects[i];
}

/**
 * Hand out an object: zeroed, or as it comes. Of one from a size class only the first `cells` were
 * asked for; the rest of it is redzone.
 */
export function slabAlloc<T extends Struct>(
  type: StructType<T>,
  zero: boolean,
  cells = type.cells,
): T {
  const o = FREE ? takeFree(type) : takeNext(type);
  const a = o.a;
  for (let c = 0; c < type.cells; c++) {
    mem[a + 2 * c] = zero ? 0 : GARBAGE; // what a fresh slab object may hold
    mem[a + 2 * c + 1] = zero ? LIVE : UNWRITTEN;
  }
  if (cells < type.cells) setShadow(a + 2 * cells, type.cells - cells, REDZONE);
  for (let i = 0; i < observers.length; i++) observers[i].allocated(o);
  return o;
}

/** Cells of an allocated object that were asked for: those before the redzone. */
export function slabSize(o: Struct): number {
  let n = o.type.cells;
  while (n > 0 && (mem[o.a + 2 * n - 1] & 7) === REDZONE) n--;
  return n;
}

/** Ask for another number of cells of the same object: new ones are as they come. */
export function slabResize(o: Struct, cells: number): void {
  for (let c = slabSize(o); c < cells; c++) setShadow(o.a + 2 * c, 1, UNWRITTEN);
  setShadow(o.a + 2 * cells, o.type.cells - cells, REDZONE);
}

/** Take an object back. */
export function slabFree(o: Struct): void {
  for (let i = 0; i < observers.length; i++) observers[i].freed(o);
  const again = (mem[o.a + 1] & 7) === FREED;
  setShadow(o.a, o.type.cells, FREED);
  if (FREE && !again && o.type.objects[o.index] === o) enqueue(o);
}

/**
 * Make an object unusable that stays with whoever frees it, such as a mempool: it counts as freed
 * until {@linkcode slabUnpark}.
 */
export function slabPark(a: number): void {
  const o = objectAt(a);
  if (o === null) return badFree(a);
  for (let i = 0; i < observers.length; i++) observers[i].freed(o);
  setShadow(o.a, o.type.cells, FREED);
}

/** Make a parked object usable again, for `cells` cells. */
export function slabUnpark(o: Struct, cells: number): void {
  setShadow(o.a, cells, UNWRITTEN);
  setShadow(o.a + 2 * cells, o.type.cells - cells, REDZONE);
  for (let i = 0; i < observers.length; i++) observers[i].allocated(o);
}

/** Take back what begins at an address; nothing does if it is not that of an object. */
export function slabFreeAt(a: number): void {
  const o = objectAt(a);
  if (o === null) badFree(a);
  else slabFree(o);
}

/** Objects handed out so far in this execution. */
export function slabUsed(type: StructType): number {
  return slab[type.id * WORDS + USED];
}

/** Objects of a type that are allocated now, in address order. */
export function forEachLive<T extends Struct>(type: StructType<T>, f: (o: T) => void): void {
  const n = slab[type.id * WORDS + USED];
  for (let i = 0; i < n; i++) if (isLive(type.objects[i])) f(type.objects[i]);
}

/** Start a count of something per object of a type at zero. */
export function clearCounts(counts: Int32Array, type: StructType): void {
  const n = slab[type.id * WORDS + USED];
  for (let i = 0; i < n; i++) counts[i] = 0;
}

/** Number of the first allocated object of a type from number `i` on, or -1: for loops in the loop. */
export function nextLive(type: StructType, i: number): number {
  const n = type.isStatic ? type.objects.length : slab[type.id * WORDS];
  for (let a = type.base + 3 + i * type.stride; i < n; i++, a += type.stride) {
    const state = mem[a] & 7;
    if (state === LIVE || state === UNWRITTEN) return i;
  }
  return -1;
}

/** Address of object `i` of a type. */
export function addressOf(type: StructType, i: number): number {
  return type.base + 2 + i * type.stride;
}

/** Number of the object of a type that an address lies in. */
export function indexAt(type: StructType, a: number): number {
  return ((a - type.base) / type.stride) | 0;
}

/** Whether an object is allocated, as its first cell says. */
export function isLive(o: Struct): boolean {
  return isUsable(mem[o.a + 1] & 7);
}

/** Slab counters that belong to an image. */
const booted = new Int32Array(slab.length);
const prepared = new Int32Array(slab.length);
const bootedQuarantine = new Int32Array(quarantine.length);

/** Everything as it is now becomes what executions start from. */
export function takeImage(): void {
  // What no structure uses is nobody's: an address that runs far off is as bad as one next door.
  setShadow(staticEnd(), STATIC_CELLS - staticEnd() / 2, REDZONE);
  setShadow(memoryEnd(), CELLS - memoryEnd() / 2, REDZONE);
  all.copyWithin(IMAGE_AT, MEM_AT, MEM_AT + memoryEnd());
  booted.set(slab);
  bootedQuarantine.set(quarantine);
}

/** The same for the executions of one program: after its boot operations. */
export function takePrepared(): void {
  all.copyWithin(BOOTED_AT, MEM_AT, MEM_AT + staticEnd());
  for (const t of slabs()) {
    const n = slab[t.id * WORDS + USED] * t.stride + t.redzone;
    all.copyWithin(BOOTED_AT + t.base, MEM_AT + t.base, MEM_AT + t.base + n);
  }
  prepared.set(slab);
}

let slabTypes: readonly StructType[] | null = null;

function slabs(): readonly StructType[] {
  slabTypes ??= structTypes().filter((t) => !t.isStatic && t.objects.length > 0);
  return slabTypes;
}

function forgetRange(from: number, to: number): void {
  for (let a = from; a < to; a += 2) mem[a + 1] &= 7;
}

/** Forget who wrote what: what was there before the schedule began is nobody's news. */
export function forgetWriters(): void {
  forgetRange(2, staticEnd());
  const types = slabs();
  for (let i = 0; i < types.length; i++) {
    const t = types[i];
    forgetRange(t.base, t.base + slab[t.id * WORDS] * t.stride + 2);
  }
}

/** Words up to which a loop is faster than the call that copies. */
const FEW_WORDS = 96;

/** Copy objects `from` to `to` of a type back from an image. */
function restoreObjects(t: StructType, image: number, from: number, to: number): void {
  if (from >= to) return;
  const start = t.base + from * t.stride;
  const end = t.base + to * t.stride + t.redzone;
  if (end - start > FEW_WORDS) all.copyWithin(MEM_AT + start, image + start, image + end);
  else for (let i = start; i < end; i++) mem[i] = all[image + i];
}

/** Put memory back to the image: only what may have been used. */
export function restoreImage(): void {
  all.copyWithin(MEM_AT, IMAGE_AT, IMAGE_AT + staticEnd());
  const types = slabs();
  for (let i = 0; i < types.length; i++) {
    restoreObjects(types[i], IMAGE_AT, 0, slab[types[i].id * WORDS + USED]);
  }
  slab.set(booted);
  if (FREE) quarantine.set(bootedQuarantine);
}

/** Put memory back to what {@linkcode takePrepared} saw; what came later was never allocated. */
export function restorePrepared(): void {
  all.copyWithin(MEM_AT, BOOTED_AT, BOOTED_AT + staticEnd());
  const types = slabs();
  for (let i = 0; i < types.length; i++) {
    const t = types[i];
    const had = prepared[t.id * WORDS + USED];
    restoreObjects(t, IMAGE_AT, had, slab[t.id * WORDS + USED]);
    restoreObjects(t, BOOTED_AT, 0, had);
    slab[t.id * WORDS + USED] = had;
  }
  if (FREE) slab.set(prepared);
}
