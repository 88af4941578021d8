/**
 * Marked accesses and the clocks: what an access orders, and whether it races.
 *
 * A load learns before it is looked at, and a store is looked at before it publishes: the access
 * itself is on the far side of the edge that it makes.
 *
 * @module
 */
import {
  acquire,
  fullAfter,
  fullBefore,
  relaxedLoad,
  relaxedRmw,
  relaxedStore,
  release,
  releaseStore,
} from "./clock.ts";
import { markedRead, markedRmw, markedWrite, plainRead, plainWrite } from "./clock_cells.ts";
import * as orders from "../layout/order.ts";

const { ACQUIRE, FULL, PLAIN, RELEASE } = orders;

/** A load of the cell `a`. */
export function loading(prim: number, a: number, order: number): void {
  if (order === PLAIN) return plainRead(prim, a);
  if (order === ACQUIRE) acquire(a);
  else relaxedLoad(a);
  markedRead(prim, a);
}

/** A store. */
export function storing(prim: number, a: number, old: number, now: number, order: number): void {
  if (order === PLAIN) return plainWrite(prim, a, old, now);
  markedWrite(prim, a, old, now);
  if (order === RELEASE) releaseStore(a);
  else relaxedStore(a);
}

/** An atomic read and write. */
export function updating(prim: number, a: number, old: number, now: number, order: number): void {
  if (order === FULL) fullBefore(a);
  else if (order === ACQUIRE) acquire(a);
  markedRmw(prim, a, old, now);
  if (order === FULL) fullAfter(a);
  else if (order === RELEASE) {
    relaxedLoad(a);
    release(a);
  } else relaxedRmw(a);
}
