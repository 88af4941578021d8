/**
 * lockdep: recursion, and cycles in the order in which lock classes are taken.
 *
 * The graph is that of one execution, so that what is reported replays from its input alone; within
 * it, both orders need only be seen, not be in each other's way.
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { GHOST_FREE } from "../machine/handles.ts";
import { HOW_TRY, lockClassName, observeLocks } from "../machine/lock.ts";
import { oops, oopsKind } from "../machine/oops.ts";
import { HELD, HELD_ADDR, HELD_CLASS } from "../machine/percpu.ts";
import * as registers from "../machine/registers.ts";
import { BLOCK } from "../machine/registers.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { ghost, pcpu } = arena;
const { regs } = registers;

/** Lock classes the graph has room for: one word of successors each. */
const CLASSES = 32;
/** Successors of class c: bit d is set if d was taken while c was held. */
const NEXT = GHOST_FREE;
/** First ghost word after the graph. */
export const GHOST_LOCKDEP_END = NEXT + CLASSES;

const pair = (arg: number) => [arg >> 8, arg & 0xff];
const RECURSION = oopsKind(
  "recursion",
  "lockdep",
  (o) => `WARNING: possible recursive locking of ${lockClassName(o.arg)} in ${o.fn}`,
);
const CYCLE = oopsKind("cycle", "lockdep", (o) => {
  const names = pair(o.arg).map(lockClassName).sort();
  return `WARNING: possible circular locking dependency: ${names.join(" and ")}`;
});

/** Whether `to` can be reached from `from` along recorded orders. */
function reaches(from: number, to: number): boolean {
  let seen = 0;
  let front = ghost[NEXT + from];
  while (front !== 0) {
    if (((front >>> to) & 1) !== 0) return true;
    seen |= front;
    let next = 0;
    for (let c = 0; c < CLASSES; c++) if ((front >>> c) & 1) next |= ghost[NEXT + c];
    front = next & ~seen;
  }
  return false;
}

function acquire(a: number, cls: number, how: number): void {
  const b = regs[BLOCK];
  const n = pcpu[b + HELD] - (how & HOW_TRY); // a trylock holds it already
  for (let i = 0; i < n; i++) {
    const held = pcpu[b + HELD_CLASS + i];
    if (held === cls) {
      if (how === HOW_TRY && pcpu[b + HELD_ADDR + i] !== a) continue;
      oops(RECURSION, cls, a, `${lockClassName(cls)} is held already by this CPU`);
    }
    // A trylock does not wait, so it cannot close a cycle; what is taken under it can.
    if (how === HOW_TRY) continue;
    if (((ghost[NEXT + held] >>> cls) & 1) !== 0) continue;
    if (reaches(cls, held)) {
      oops(
        CYCLE,
        (held << 8) | cls,
        a,
        `${lockClassName(cls)} is taken while ${lockClassName(held)} is held; ` +
          `the other order was seen before`,
      );
    }
    Atomics.or(ghost, NEXT + held, 1 << cls);
  }
}

export const lockdep: Sanitizer = {
  name: "lockdep",
  doc: "Lock recursion and cycles in the order of locks.",
  free: true,
  attach() {
    observeLocks({
      acquire,
      acquired(a, cls, how) {
        if ((how & HOW_TRY) !== 0) acquire(a, cls, how);
      },
    });
  },
  reset() {
    ghost.fill(0, NEXT, NEXT + CLASSES);
  },
};
