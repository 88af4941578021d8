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
import * as metaLayout from "../layout/meta.ts";
import * as states from "../layout/shadow_states.ts";
import * as slabWords from "../layout/slab.ts";
import { views } from "../words/arena.ts";
import { slabAt } from "../layout/slab.ts";
import { machineLock, machineUnlock } from "../words/machine_lock.ts";
import { oops, OOPS_CAPACITY } from "../findings/oops.ts";
import { badFree, isUsable, setShadow, stateAt } from "./shadow.ts";
import { objectAt, ordinalOf } from "./objects.ts";
import type { Struct, StructType } from "./struct_type.ts";

const { mem, quarantine, slab, FREE } = views();
const { CELL_WORDS, META } = metaLayout;
const { FREED, GARBAGE, LIVE, REDZONE, UNWRITTEN } = states;
const { OLDEST, QUARANTINED, USED } = slabWords;

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

function full(type: StructType): never {
  oops(OOPS_CAPACITY, 0, 0, `more than ${type.objects.length} objects of type ${type.name}`);
}

function takeNext<T extends Struct>(type: StructType<T>): T {
  const i = slab[slabAt(type.id) + USED];
  if (i >= type.objects.length) full(type);
  slab[slabAt(type.id) + USED] = i + 1;
  return type.objects[i];
}

/** Place `k` of the quarantine of a type: its objects have consecutive ordinals. */
function place(type: StructType, k: number): number {
  return ordinalOf(type.objects[0]) + (k % type.objects.length);
}

/** Put an object into quarantine, behind those that were freed before it. */
function enqueue(o: Struct): void {
  const w = slabAt(o.type.id);
  machineLock();
  quarantine[place(o.type, slab[w + OLDEST] + slab[w + QUARANTINED]++)] = o.index;
  machineUnlock();
}

/** A fresh object; when there is none any more, the one that has been in quarantine longest. */
function takeFree<T extends Struct>(type: StructType<T>): T {
  const w = slabAt(type.id);
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
    mem[a + CELL_WORDS * c] = zero ? 0 : GARBAGE; // what a fresh slab object may hold
    mem[a + CELL_WORDS * c + META] = zero ? LIVE : UNWRITTEN;
  }
  if (cells < type.cells) setShadow(a + CELL_WORDS * cells, type.cells - cells, REDZONE);
  for (let i = 0; i < observers.length; i++) observers[i].allocated(o);
  return o;
}

/** Cells of an allocated object that were asked for: those before the redzone. */
export function slabSize(o: Struct): number {
  let n = o.type.cells;
  while (n > 0 && stateAt(o.a + CELL_WORDS * (n - 1)) === REDZONE) n--;
  return n;
}

/** Ask for another number of cells of the same object: new ones are as they come. */
export function slabResize(o: Struct, cells: number): void {
  for (let c = slabSize(o); c < cells; c++) setShadow(o.a + CELL_WORDS * c, 1, UNWRITTEN);
  setShadow(o.a + CELL_WORDS * cells, o.type.cells - cells, REDZONE);
}

/** Take an object back. */
export function slabFree(o: Struct): void {
  for (let i = 0; i < observers.length; i++) observers[i].freed(o);
  const again = stateAt(o.a) === FREED;
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
  setShadow(o.a + CELL_WORDS * cells, o.type.cells - cells, REDZONE);
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
  return slab[slabAt(type.id) + USED];
}

/** Objects of a type that are allocated now, in address order. */
export function forEachLive<T extends Struct>(type: StructType<T>, f: (o: T) => void): void {
  const n = slab[slabAt(type.id) + USED];
  for (let i = 0; i < n; i++) if (isLive(type.objects[i])) f(type.objects[i]);
}

/** Start a count of something per object of a type at zero. */
export function clearCounts(counts: Int32Array, type: StructType): void {
  const n = slab[slabAt(type.id) + USED];
  for (let i = 0; i < n; i++) counts[i] = 0;
}

/** Number of the first allocated object of a type from number `i` on, or -1: for loops in the loop. */
export function nextLive(type: StructType, i: number): number {
  const n = type.isStatic ? type.objects.length : slab[slabAt(type.id) + USED];
  for (let a = addressOf(type, i); i < n; i++, a += type.stride) {
    const state = stateAt(a);
    if (state === LIVE || state === UNWRITTEN) return i;
  }
  return -1;
}

/** Address of object `i` of a type. */
export function addressOf(type: StructType, i: number): number {
  return type.base + type.redzone + i * type.stride;
}

/** Number of the object of a type that an address lies in. */
export function indexAt(type: StructType, a: number): number {
  return ((a - type.base) / type.stride) | 0;
}

/** Whether an object is allocated, as its first cell says. */
export function isLive(o: Struct): boolean {
  return isUsable(stateAt(o.a));
}
