/**
 * What a primitive does to the cell that it accesses.
 *
 * @module
 */

/** `update` reads and writes at once, whether or not it succeeds. */
export type AccessKind = "read" | "write" | "update" | "lock" | "unlock" | "free";

const READS = ["load", "READ_ONCE", "atomic_read", "rcu_dereference", "smp_load_acquire"];
const WRITES = [
  "store",
  "WRITE_ONCE",
  "atomic_set",
  "rcu_assign_pointer",
  "smp_store_release",
];
const UPDATES = [
  "xchg",
  "cmpxchg",
  "atomic_add",
  "atomic_add_return",
  "atomic_add_unless",
  "this_cpu_add",
  "set_bit",
  "clear_bit",
  "test_and_set_bit",
];

const KINDS: ReadonlyMap<string, AccessKind> = new Map([
  ...READS.map((what) => [what, "read"] as const),
  ...WRITES.map((what) => [what, "write"] as const),
  ...UPDATES.map((what) => [what, "update"] as const),
  ["kfree", "free"],
]);

/** What the primitive of that name does; null if it accesses no cell. */
export function accessKind(what: string): AccessKind | null {
  const kind = KINDS.get(what);
  if (kind !== undefined) return kind;
  if (/(^|_)(unlock|up_read|up_write|downgrade_write)$/.test(what)) return "unlock";
  return /(^|_)(lock|trylock|down_read|down_write)$/.test(what) ? "lock" : null;
}

/** Whether an access of this kind sees the value of its cell. */
export function doesRead(kind: AccessKind): boolean {
  return kind === "read" || kind === "update";
}

/** Whether an access of this kind changes the value of its cell, or ends its life. */
export function doesWrite(kind: AccessKind): boolean {
  return kind === "write" || kind === "update" || kind === "free";
}
