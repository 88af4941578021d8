/** Wait contexts, local locks, and a long dependency from a hardirq to a softirq. */
import { local_irq_disable } from "../../../src/kernel/irqflags.ts";
import { local_lock, local_unlock } from "../../../src/kernel/local_lock.ts";
import { raw_spin_lock, raw_spin_unlock } from "../../../src/kernel/raw_spinlock.ts";
import {
  rcu_read_lock,
  rcu_read_lock_bh,
  rcu_read_lock_sched,
  rcu_read_unlock,
  rcu_read_unlock_bh,
  rcu_read_unlock_sched,
} from "../../../src/kernel/rcu.ts";
import {
  type Case,
  type Flavor,
  hard,
  insideNotThreaded,
  local_A,
  mutex,
  nest,
  raw,
  soft,
  spin,
  touch,
} from "./kit.ts";

/** Ways to run a function inside a section or a lock. */
type Outer = (f: () => void) => void;

function between(enter: () => void, leave: () => void): Outer {
  return (f) => {
    enter();
    f();
    leave();
  };
}

function locked(f: Flavor): Outer {
  return between(() => f.L("A"), () => f.U("A"));
}

/** Outer contexts, and how many of {@linkcode INNER}, in its order, each allows. */
const OUTER: readonly (readonly [string, Outer, allowed: number])[] = [
  ["hardirq context", hard.inside, 3],
  ["hardirq context (not threaded)", insideNotThreaded, 2],
  ["softirq context", soft.inside, 3],
  ["RCU context", between(rcu_read_lock, rcu_read_unlock), 3],
  ["RCU-bh context", between(rcu_read_lock_bh, rcu_read_unlock_bh), 3],
  ["RCU-sched context", between(rcu_read_lock_sched, rcu_read_unlock_sched), 2],
  ["RAW_SPINLOCK context", between(() => raw_spin_lock(raw.A), () => raw_spin_unlock(raw.A)), 2],
  ["SPINLOCK context", locked(spin), 3],
  ["MUTEX context", locked(mutex), 4],
];
const INNER: readonly (readonly [string, () => void])[] = [
  ["rcu", () => between(rcu_read_lock, rcu_read_unlock)(() => {})],
  ["raw", () => {
    raw_spin_lock(raw.B);
    raw_spin_unlock(raw.B);
  }],
  ["spin", () => touch(spin, "B")],
  ["mutex", () => touch(mutex, "B")],
];

export const waitCases: readonly Case[] = OUTER.flatMap(([where, outer, allowed]) =>
  INNER.map(([inner, run], i): Case => ({
    name: `in ${where} ${inner}`,
    expected: i < allowed ? "silent" : "report",
    run: () => outer(run),
  }))
);

const localLock: Flavor = {
  name: "local_lock",
  L: () => local_lock(local_A),
  U: () => local_unlock(local_A),
  I() {},
};

function irqsOff(f: () => void): void {
  hard.disable();
  f();
  hard.enable();
}

/** B is taken under the local lock; then A is used in hardirqs, and takes the local lock. */
function localLock3A(): void {
  nest(localLock, "A", spin, "B");
  hard.inside(() => touch(spin, "A"));
  irqsOff(() => nest(spin, "A", localLock, "A"));
}

export const localCases: readonly Case[] = [
  {
    name: "local_lock inversion 2",
    expected: "silent",
    run() {
      touch(localLock, "A");
      hard.inside(() => touch(spin, "A"));
      irqsOff(() => nest(spin, "A", localLock, "A"));
    },
  },
  { name: "local_lock inversion 3A", expected: "silent", run: localLock3A },
  {
    name: "local_lock inversion 3B",
    expected: "report",
    run() {
      localLock3A();
      hard.disable();
      nest(spin, "A", spin, "B");
      local_irq_disable();
    },
  },
];

export const specialCases: readonly Case[] = [
  {
    name: "hardirq_unsafe_softirq_safe",
    expected: "report",
    run() {
      mutex.L("A");
      irqsOff(() => touch(spin, "C"));
      mutex.U("A");
      hard.inside(() => touch(spin, "A"));
      irqsOff(() => nest(spin, "A", spin, "B"));
      irqsOff(() => nest(spin, "B", spin, "C"));
      soft.inside(() => touch(spin, "D"));
      soft.disable();
      touch(spin, "D");
      soft.enable();
      irqsOff(() => nest(spin, "C", spin, "D"));
    },
  },
];
