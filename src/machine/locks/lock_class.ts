/**
 * Lock classes: what lockdep knows a lock by.
 *
 * All instances of a class follow the same rules: every static lock is a class of its own, and so is
 * every lock field of a structure, whatever the object. A subclass is how a function says at which
 * level of a nesting it takes a lock. Numbers must be the same on all CPUs, so they depend on the
 * order of definitions only, never on which lock is taken first.
 *
 * @module
 */
import { CLASSES_MAX } from "../layout/held_lock.ts";
import { CELL_WORDS } from "../layout/meta.ts";
import { CELLS } from "../layout/sizes.ts";
import type { FieldSpec, Struct, StructType } from "../memory/struct_type.ts";
import { statics } from "../memory/struct.ts";
import { structTypes } from "../memory/objects.ts";

/** Low bits of a class number: the subclass. */
const SUBCLASS_BITS = 3;
/** Levels of nesting per class. */
export const SUBCLASSES = 1 << SUBCLASS_BITS;

/** What holding a lock allows, and taking it needs: the innermost wait, from none to any. */
export const WAIT_FREE = 1;
/** Spins: raw spinlocks. */
export const WAIT_SPIN = 2;
/** Spins, or sleeps with PREEMPT_RT: spinlocks, rwlocks, local locks. */
export const WAIT_CONFIG = 3;
/** Sleeps: mutexes, semaphores. */
export const WAIT_SLEEP = 4;
/** Holding nothing. */
export const WAIT_ANY = 5;

/** What is the same for all locks of a type. */
export interface LockKind {
  readonly wait: number;
  /** A lock of this CPU's own, that no other CPU ever waits for. */
  readonly perCpu?: boolean;
}

/** Classes: their names, and what their locks are. The first is nobody's. */
const names: string[] = ["?"];
const waits = new Uint8Array(CLASSES_MAX / SUBCLASSES);
const perCpu = new Uint8Array(CLASSES_MAX / SUBCLASSES);
/** Class of the lock at an address; 0 if it was not looked up yet. */
const classes = new Int16Array(CELL_WORDS * CELLS);
const kinds = new Map<StructType, LockKind>();
let fieldsAreNumbered = false;

function classNamed(name: string, kind: LockKind): number {
  const known = names.indexOf(name);
  if (known >= 0) return known * SUBCLASSES;
  const n = names.push(name) - 1;
  if (n >= waits.length) throw new RangeError(`Cannot define "${name}": too many lock classes`);
  waits[n] = kind.wait;
  perCpu[n] = kind.perCpu ? 1 : 0;
  return n * SUBCLASSES;
}

/** Declare that a structure type is a lock: every field of that type becomes a class. */
export function lockType(type: StructType, kind: LockKind): void {
  kinds.set(type, kind);
}

/**
 * `n` static locks that were initialised at the same place in the code, so that they share a class;
 * only while the kernel is loaded.
 */
export function defineLocks<T extends Struct>(
  name: string,
  spec: Record<string, FieldSpec>,
  n: number,
  kind: LockKind,
): (T & Struct)[] {
  const locks = statics<T>(name, spec, n);
  for (const lock of locks) classes[lock.a] = classNamed(name, kind);
  return locks;
}

/** Number the lock fields of all structures, in the order of their definitions. */
function numberFields(): void {
  fieldsAreNumbered = true;
  for (const t of structTypes()) {
    for (const f of t.fields) {
      const kind = f.type === undefined ? undefined : kinds.get(f.type);
      if (kind !== undefined) classNamed(`${t.name}->${f.name}`, kind);
    }
  }
}

function lookUp(lock: Struct): number {
  if (!fieldsAreNumbered) numberFields();
  if (typeof lock === "number" || lock === undefined) {
    throw new TypeError(`Cannot take the lock ${lock}: a lock is a member of a structure`);
  }
  const { outer } = lock;
  const field = outer?.type.fields.find((f) => f.type === lock.type && holds(outer, f.offset, lock))
    ?.name;
  const n = names.indexOf(outer === null ? lock.type.name : `${outer.type.name}->${field}`);
  if (n < 0) throw new TypeError(`Cannot take a lock of type ${lock.type.name}: it is no lock`);
  return classes[lock.a] = n * SUBCLASSES;
}

function holds(outer: Struct, offset: number, lock: Struct): boolean {
  return outer.a + CELL_WORDS * offset === lock.a;
}

/** Class of a lock, as subclass 0. */
export function lockClass(lock: Struct): number {
  return classes[lock.a] || lookUp(lock);
}

/** Class of the lock at an address, or 0. */
export function lockClassAt(a: number): number {
  return classes[a];
}

/** Name of a class, with its subclass if it has one: `siglock/1`. */
export function lockClassName(cls: number): string {
  const name = names[cls >> SUBCLASS_BITS] ?? "?";
  const sub = cls % SUBCLASSES;
  return sub === 0 ? name : `${name}/${sub}`;
}

/** The wait that holding a lock of this class allows. */
export function waitType(cls: number): number {
  return waits[cls >> SUBCLASS_BITS];
}

/** Whether locks of this class are one per CPU. */
export function isPerCpu(cls: number): boolean {
  return perCpu[cls >> SUBCLASS_BITS] !== 0;
}
