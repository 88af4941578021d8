import { assertEquals } from "@std/assert";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { leaveOut, settle, settleOn } from "../../../src/engine/programs/settle.ts";
import { mutated, WORDS } from "./mutated.ts";

Deno.test("settle() makes boot operations of what tasks and handlers do, if it may", () => {
  const body = "boot m1 = mkdir(root)\n" +
    "cpu0 x1 = kmalloc(64)\n" +
    "cpu1 softirq x2 = kmalloc(92)\n" +
    "cpu0 kfree(x2)\n" +
    "cpu1 rmdir(m1)\n" + // only a CPU may do this
    "cpu0 nmi x3 = kmalloc_nolock()\n" + // no task may do this
    "cpu1 kfree(x3)\n" +
    "cpu1 attach(cpu1, m1)\n" +
    "cpu1 kfree(x1)";
  assertEquals(mutated(body, (w) => settle(w, WORDS)), [
    "boot m1 = mkdir(root)",
    "boot x1 = kmalloc(64)",
    "boot x2 = kmalloc(92)",
    "boot kfree(x2)",
    "cpu1 rmdir(m1)",
    "cpu0 nmi x3 = kmalloc_nolock()",
    "cpu1 kfree(x3)", // what a handler made is not there at boot
    "boot attach(cpu1, m1)",
    "boot kfree(x1)",
  ]);
});

Deno.test("settleOn() makes CPU 0 of the CPU that is in the state, and puts boot operations first", () => {
  const body =
    "boot m1 = mkdir(root)\ncpu0 rmdir(m1)\ncpu1 attach(cpu1, m1)\ncpu1 attach(cpu0, m1)";
  assertEquals(mutated(body, (w) => settleOn(w, 1, WORDS, new Rng(1))), [
    "boot m1 = mkdir(root)",
    "boot attach(cpu0, m1)",
    "boot attach(cpu1, m1)",
    "cpu1 rmdir(m1)",
  ]);
  const there = ["boot m1 = mkdir(root)", "boot attach(cpu0, m1)"];
  assertEquals(mutated(there.join("\n"), (w) => settleOn(w, 0, WORDS, new Rng(1))), there);
});

Deno.test("leaveOut() leaves out an operation, and what cannot do without it", () => {
  const body =
    "boot m1 = mkdir(root)\nboot x1 = kmalloc(64)\ncpu0 kfree(x1)\ncpu1 attach(cpu1, m1)";
  const without = (i: number) => mutated(body, (w) => leaveOut(w, i, WORDS, new Rng(1)));
  assertEquals(without(1), ["boot m1 = mkdir(root)", "cpu1 attach(cpu1, m1)"]);
  assertEquals(without(2), [
    "boot m1 = mkdir(root)",
    "boot x1 = kmalloc(64)",
    "cpu1 attach(cpu1, m1)",
  ]);
  assertEquals(without(0), ["boot x1 = kmalloc(64)", "cpu0 kfree(x1)", "cpu1 attach(cpu1, root)"]);
});
