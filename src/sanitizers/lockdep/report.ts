/**
 * The reports of lockdep: the title, the dependencies that lead to the finding and where each was
 * seen first, and a scenario that ends in a deadlock.
 *
 * @module
 */
import { lockClassName } from "../../machine/locks/lock_class.ts";
import { oops, oopsKind } from "../../machine/findings/oops.ts";
import { classAt, pathTo } from "./search.ts";
import { edgeFrom, edgeOrigin, edgeTo, usageOf, usageOrigin } from "./state.ts";
import * as usage from "./usage.ts";
import { conflict, stateName, usageName } from "./usage.ts";

const { ENABLED } = usage;

const CLASS_BITS = 11;
const pack = (x: number, y: number, more = 0) => x | (y << CLASS_BITS) | (more << (2 * CLASS_BITS));
const first = (arg: number) => lockClassName(arg & 0x7ff);
const second = (arg: number) => lockClassName((arg >> CLASS_BITS) & 0x7ff);

const RECURSION = oopsKind(
  "recursion",
  "lockdep",
  (o) => `WARNING: possible recursive locking of ${first(o.arg)} in ${o.fn}`,
);
const CYCLE = oopsKind(
  "cycle",
  "lockdep",
  ({ arg }) =>
    `WARNING: possible circular locking dependency: ${
      [first(arg), second(arg)].sort().join(" and ")
    }`,
);
const STATE = oopsKind(
  "lock-state",
  "lockdep",
  (o) => `WARNING: inconsistent lock state: ${first(o.arg)}`,
);
const INVERSION = oopsKind(
  "irq-inversion",
  "lockdep",
  (o) => `WARNING: possible irq lock inversion dependency detected: ${first(o.arg)}`,
);
const ORDER = oopsKind("irq-order", "lockdep", ({ arg }) => {
  const state = stateName(arg >> (2 * CLASS_BITS));
  return `WARNING: ${state}-safe -> ${state}-unsafe lock order: ${first(arg)} and ${second(arg)}`;
});
const CONTEXT = oopsKind(
  "wait-context",
  "lockdep",
  (o) => `BUG: Invalid wait context: ${first(o.arg)}`,
);
const UNLOCK = oopsKind(
  "unlock",
  "lockdep",
  (o) => `WARNING: bad unlock balance: ${first(o.arg)}`,
);
const FREED = oopsKind("held-freed", "lockdep", (o) => `WARNING: held lock freed: ${first(o.arg)}`);

/** The lines that a finding adds to its report; called only if the finding is recorded. */
let story: () => string[] = () => [];

/** The lines that lockdep adds to the report of a finding of this kind. */
export function tellStory(kind: number): string {
  const told = kind >= RECURSION && kind <= FREED ? story() : [];
  story = () => [];
  return told.join("\n");
}

function since(origin: string, verb: string): string {
  return origin === "" ? "" : `: first ${verb}by ${origin}`;
}

function edgeLine(edge: number): string {
  return `  ${lockClassName(edgeFrom(edge))} -> ${lockClassName(edgeTo(edge))}${
    since(edgeOrigin(edge), "taken ")
  }`;
}

function usageLine(cls: number, bit: number): string {
  return `  ${lockClassName(cls)} was ${usageName(bit)}${since(usageOrigin(cls, bit), "")}`;
}

/** A scenario in one column or two; each row says what one of the CPUs does. */
function scenario(rows: readonly (readonly [number, string])[]): string[] {
  const COLUMN = 24;
  const line = (left: string, right: string) => (left.padEnd(COLUMN) + right).trimEnd();
  const two = rows.some(([cpu]) => cpu === 1);
  return [
    "",
    "Possible unsafe locking scenario:",
    "",
    line("CPU0", two ? "CPU1" : ""),
    line("----", two ? "----" : ""),
    ...rows.map(([cpu, what]) => cpu === 0 ? what : line("", what)),
    "",
    "*** DEADLOCK ***",
  ];
}

const lock = (cls: number) => `lock(${lockClassName(cls)});`;

/** A lock is taken while this CPU holds one of the same class. */
export function reportRecursion(cls: number, a: number, same: boolean): never {
  const name = lockClassName(cls);
  story = () => scenario([[0, lock(cls)], [0, lock(cls)]]);
  const text = same ? "" : "; it is another instance, so a nesting annotation may be missing";
  oops(RECURSION, pack(cls, 0), a, `${name} is held already by this CPU${text}`);
}

/**
 * `cls` is taken while `held` is held, and orders lead from `cls` to `held`: the path ends at `at`.
 */
export function reportCycle(held: number, cls: number, a: number, at: number): never {
  const path = pathTo(at);
  const parent = path.length > 1 ? edgeFrom(path[path.length - 1]) : cls;
  story = () => [
    "",
    "The dependencies that exist already:",
    ...path.map(edgeLine),
    ...scenario([[0, lock(held)], [1, lock(parent)], [1, lock(held)], [0, lock(cls)]]),
  ];
  oops(
    CYCLE,
    pack(held, cls),
    a,
    `${lockClassName(cls)} is taken while ${lockClassName(held)} is held; ` +
      `the other order was seen before`,
  );
}

/** A class is used in way `bit`, and was used in the conflicting way `other`. */
export function reportState(cls: number, a: number, bit: number, other: number): never {
  story = () => [
    "",
    usageLine(cls, other),
    ...scenario([[0, lock(cls)], [0, "<Interrupt>"], [0, `  ${lock(cls)}`]]),
  ];
  oops(STATE, pack(cls, 0), a, `${lockClassName(cls)} is now ${usageName(bit)}`);
}

function interruptScenario(safe: number, middle: number, unsafe: number): string[] {
  return scenario([
    [0, lock(unsafe)],
    [1, "local_irq_disable();"],
    [1, lock(safe)],
    [1, lock(middle)],
    [0, "<Interrupt>"],
    [0, `  ${lock(safe)}`],
  ]);
}

/** A class is used in way `bit`; a path, which ends at `at`, connects it with a conflicting use. */
export function reportInversion(cls: number, a: number, bit: number, at: number): never {
  const other = classAt(at);
  const path = pathTo(at);
  const unsafe = (bit & ENABLED) !== 0;
  const bits = unsafe ? conflict(usageOf(other), 1 << bit) : conflict(1 << bit, usageOf(other));
  const safe = unsafe ? other : cls;
  const middle = edgeTo(unsafe ? path[path.length - 1] : path[0]);
  story = () => [
    "",
    usageLine(other, unsafe ? bits[0] : bits[1]),
    "and the dependencies between them:",
    ...path.map(edgeLine),
    ...interruptScenario(safe, middle, unsafe ? cls : other),
  ];
  oops(INVERSION, pack(cls, other), a, `${lockClassName(cls)} is now ${usageName(bit)}`);
}

/** `cls` is taken while `held` is held, which connects a safe lock with an unsafe one. */
export function reportIrqOrder(
  held: number,
  cls: number,
  a: number,
  safe: number,
  before: readonly number[],
  unsafe: number,
  after: readonly number[],
): never {
  const [used, enabled] = conflict(usageOf(safe), usageOf(unsafe));
  const chain = [...[...before].reverse().map(edgeTo), cls];
  story = () => [
    "",
    usageLine(safe, used),
    usageLine(unsafe, enabled),
    ...(before.length + after.length === 0 ? [] : ["and the dependencies that exist already:"]),
    ...before.toReversed().map(edgeLine),
    ...after.map(edgeLine),
    ...interruptScenario(safe, chain[0], unsafe),
  ];
  oops(
    ORDER,
    pack(safe, unsafe, used),
    a,
    `${lockClassName(cls)} is taken while ${lockClassName(held)} is held: a new dependency`,
  );
}

const WAITS = ["", "nothing that waits", "raw spinlocks", "spinlocks", "sleeping locks", "any"];

/** A lock is taken in a context that allows only locks which wait in a stricter way. */
export function reportContext(cls: number, a: number, wait: number, allowed: number): never {
  oops(
    CONTEXT,
    pack(cls, 0),
    a,
    `${lockClassName(cls)} is one of the ${WAITS[wait]}; here only ${WAITS[allowed]} may be taken`,
  );
}

/** This CPU releases a lock that it does not hold. */
export function reportUnlock(cls: number, a: number): never {
  oops(UNLOCK, pack(cls, 0), a, `${lockClassName(cls)} is released, but this CPU does not hold it`);
}

/** The memory of a held lock is freed, or the lock is initialised again. */
export function reportFreed(cls: number, a: number, how: string): never {
  oops(FREED, pack(cls, 0), a, `${lockClassName(cls)} is ${how} while this CPU holds it`);
}
