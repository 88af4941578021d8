/**
 * All applicable cases of the kernel's self-test of lockdep, as one operation that takes a number.
 */
import { int, type Target } from "../../src/prog/target.ts";
import { localCases, specialCases, waitCases } from "./locking_selftest/context.ts";
import { irqCases, queuedCases } from "./locking_selftest/irq.ts";
import { type Case, withQueuedReaders, withRecursiveReaders } from "./locking_selftest/kit.ts";
import { orderCases } from "./locking_selftest/order.ts";

/** In the order of the kernel's suite; in its first part all read locks are recursive. */
export const cases: readonly Case[] = [
  ...withRecursiveReaders([...orderCases, ...irqCases]),
  ...withQueuedReaders([...queuedCases, ...waitCases, ...localCases, ...specialCases]),
];

const target: Target = {
  name: "locking-selftest",
  doc: "Cases of lib/locking-selftest.c.",
  ops: {
    run_case: {
      doc: "Run the case of that number.",
      args: [int("n", 0, cases.length - 1)],
      run: (n) => cases[n].run(),
    },
  },
};
export default target;
