/** Locks that are taken both in interrupts and with interrupts on. */
import {
  type Case,
  type Flavor,
  hard,
  type Irq,
  IRQS,
  nest,
  permutations,
  rlock,
  soft,
  spin,
  touch,
  wlock,
} from "./kit.ts";

type Event = () => void;

/** Add a case for spinlocks, write locks and read locks, with its events in every order. */
function forThree(
  name: string,
  irqs: readonly Irq[],
  events: (f: Flavor, irq: Irq) => readonly Event[],
): Case[] {
  return irqs.flatMap((irq) =>
    [spin, wlock, rlock].flatMap((f) =>
      permutations(events(f, irq)).map(([order, run]): Case => ({
        name: `${irq.name}-${name}/${order} ${f.name}`,
        expected: f === rlock ? "silent" : "report",
        run,
      }))
    )
  );
}

function held(irq: Irq, f: () => void): Event {
  return () => {
    irq.disable();
    f();
    irq.enable();
  };
}

function inIrq(irq: Irq, f: () => void): Event {
  return () => irq.inside(f);
}

const safety: Case[] = [
  ...forThree("irqs-on + irq-safe-A", IRQS, (f, irq) => [
    inIrq(irq, () => touch(f, "A")),
    () => touch(f, "A"),
  ]),
  ...forThree("safe-A + irqs-on", IRQS, (f, irq) => [
    inIrq(irq, () => touch(f, "A")),
    () => {
      irq.disable();
      f.L("A");
      irq.enable();
      f.U("A");
    },
  ]),
  ...forThree("safe-A + unsafe-B #1", IRQS, (f, irq) => [
    () => nest(f, "A", f, "B"),
    () => touch(f, "B"),
    inIrq(irq, () => touch(f, "A")),
  ]),
  ...forThree("safe-A + unsafe-B #2", IRQS, (f, irq) => [
    held(irq, () => nest(f, "A", f, "B")),
    () => touch(f, "B"),
    inIrq(irq, () => touch(f, "A")),
  ]),
  ...forThree("irq lock-inversion", IRQS, (f, irq) => [
    held(irq, () => nest(wlock, "A", f, "B")),
    () => touch(f, "B"),
    inIrq(irq, () => touch(rlock, "A")),
  ]),
];

/** Softirqs use A; then hardirqs are enabled while A is held. */
const softSafe: Case[] = forThree("sirq-safe-A => hirqs-on", [hard], (f) => [
  inIrq(soft, () => touch(f, "A")),
  () => {
    hard.disable();
    f.L("A");
    hard.enable();
    f.U("A");
  },
]).map((c) => ({ ...c, name: c.name.replace("hard-", "") }));

/** Add a case for write locks, which deadlock, and for read locks, which do not. */
function forTwo(
  name: string,
  events: (f: Flavor, irq: Irq) => readonly Event[],
): Case[] {
  return IRQS.flatMap((irq) =>
    [wlock, rlock].flatMap((f) =>
      permutations(events(f, irq)).map(([order, run]): Case => ({
        name: `${irq.name}-${name}/${order} ${f.name}`,
        expected: f === rlock ? "silent" : "report",
        run,
      }))
    )
  );
}

const readers: Case[] = [
  ...forTwo("irq read-recursion", (f, irq) => [
    held(irq, () => touch(wlock, "A")),
    () => touch(rlock, "A"),
    inIrq(irq, () => nest(f, "A", spin, "B")),
  ]),
  ...forTwo("irq read-recursion #2", (f, irq) => [
    held(irq, () => nest(spin, "B", f, "A")),
    () => touch(rlock, "A"),
    inIrq(irq, () => touch(spin, "B")),
  ]),
  ...forTwo("irq read-recursion #3", (f, irq) => [
    held(irq, () => nest(wlock, "B", f, "A")),
    () => touch(rlock, "A"),
    inIrq(irq, () => touch(rlock, "B")),
  ]),
];

export const irqCases: readonly Case[] = [...safety, ...softSafe, ...readers];

/** Read locks that queue behind writers, except in interrupts. */
export const queuedCases: readonly Case[] = [
  {
    name: "hardirq read-lock/lock-read",
    expected: "report",
    run() {
      hard.inside(() => nest(rlock, "A", spin, "B"));
      held(hard, () => nest(spin, "B", rlock, "A"))();
    },
  },
  {
    name: "hardirq lock-read/read-lock",
    expected: "silent",
    run() {
      hard.inside(() => nest(spin, "B", rlock, "A"));
      held(hard, () => nest(rlock, "A", spin, "B"))();
    },
  },
  {
    name: "hardirq inversion",
    expected: "report",
    run() {
      hard.inside(() => touch(spin, "B"));
      held(hard, () => nest(spin, "B", rlock, "A"))();
      touch(rlock, "A");
    },
  },
];
