/**
 * Arrays of pointers — include/linux/xarray.h, lib/xarray.c.
 *
 * MODEL: the tree is a single node that exists from the start, so that no index needs memory.
 *
 * @module
 */
import { statics } from "../machine/memory/struct.ts";
import { type Fields, type Ptr, ptr, type Struct } from "../machine/memory/struct_type.ts";
import {
  rcu_assign_pointer,
  rcu_dereference,
  rcu_dereference_protected,
  rcu_read_lock,
  rcu_read_unlock,
} from "./rcu.ts";
import { DEFINE_SPINLOCK, spin_lock_irq, spin_unlock_irq, type spinlock_t } from "./spinlock.ts";

interface xa_slot extends Struct, Fields<{ entry: Ptr<Struct> }> {}

/** struct xarray */
export interface xarray {
  readonly xa_lock: spinlock_t;
  readonly slots: readonly xa_slot[];
}

/** DEFINE_XARRAY_FLAGS() with XA_FLAGS_LOCK_IRQ, for indices below `max`. */
export function DEFINE_XARRAY(name: string, max: number): xarray {
  return {
    xa_lock: DEFINE_SPINLOCK(`${name}.xa_lock`),
    slots: statics<xa_slot>(`${name}_slot`, { entry: ptr }, max),
  };
}

/** xa_load() Context: any. What is found is kept by RCU or a lock of the caller's. */
export function xa_load(xa: xarray, index: number): Struct | null {
  rcu_read_lock();
  const entry = rcu_dereference(xa.slots[index].$entry);
  rcu_read_unlock();
  return entry;
}

/** xas_load() Context: xa_lock. */
export function xas_load(xa: xarray, index: number): Struct | null {
  return rcu_dereference_protected(xa.slots[index].$entry, true);
}

/** xas_store() Context: xa_lock. */
export function xas_store(xa: xarray, index: number, entry: Struct | null): void {
  rcu_assign_pointer(xa.slots[index].$entry, entry);
}

/** xa_erase_irq(): what was there. Context: interrupts on. */
export function xa_erase_irq(xa: xarray, index: number): Struct | null {
  spin_lock_irq(xa.xa_lock);
  const entry = xas_load(xa, index);
  xas_store(xa, index, null);
  spin_unlock_irq(xa.xa_lock);
  return entry;
}
