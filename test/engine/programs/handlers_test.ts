import { assertEquals } from "@std/assert";
import { OPS_MAX } from "../../../src/engine/programs/append.ts";
import { interrupt } from "../../../src/engine/programs/handlers.ts";
import { repair } from "../../../src/engine/programs/repair.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { mutated, related, WORDS } from "./mutated.ts";

/** The operations of a program after interrupt() and repair(). */
function interrupted(body: string, seed: number, words = WORDS): string[] {
  return mutated(body, (w) => {
    const rng = new Rng(seed);
    interrupt(w, words, rng, OPS_MAX);
    repair(w, words, rng);
  });
}

/** What 60 seeds make of a program, without its first operations. */
function all(body: string, from: number, words = WORDS): string[] {
  const made = Array.from({ length: 60 }, (_, seed) => interrupted(body, seed, words).slice(from));
  return [...new Set(made.map((ops) => ops.join(" / ")))].sort();
}

Deno.test("interrupt() appends a handler that does what a task of its CPU does, to the same objects", () => {
  const body = "boot x = kmalloc(64)\nboot y = kmalloc(64)\ncpu1 kmalloc(92)";
  assertEquals(all(body, 3), [
    "", // an NMI, of which nothing is known that acts on what the task acts on
    "cpu1 hardirq x4 = kmalloc(92)",
    "cpu1 softirq x4 = kmalloc(92)",
    "cpu1 x4 = kmalloc(92) / cpu1 hardirq x5 = kmalloc(92)",
    "cpu1 x4 = kmalloc(92) / cpu1 softirq x5 = kmalloc(92)",
  ]);
});

Deno.test("an NMI does what acts on what the task acts on, as no task does what it may", () => {
  const words = related("alloc_pages", "kmalloc_nolock");
  const body = "boot m1 = mkdir(root)\ncpu1 rmdir(m1)\ncpu1 alloc_pages(0)";
  assertEquals(all(body, 2, words), [
    "cpu1 p1 = alloc_pages(0)",
    "cpu1 p1 = alloc_pages(0) / cpu1 nmi x1 = kmalloc_nolock()",
    "cpu1 p1 = alloc_pages(0) / cpu1 p2 = alloc_pages(0) / cpu1 nmi x1 = kmalloc_nolock()",
  ]);
});

Deno.test("the handler gets the task's objects, or others that are made in the same way", () => {
  const body = "boot x1 = kmalloc(64)\ncpu1 kfree(x1)";
  const handlers = all(body, 1)
    .filter((ops) => ops.includes("irq") && !ops.includes("cpu1 kfree(x1) / cpu1 kfree"));
  assertEquals(handlers, [
    "boot x2 = kmalloc(64) / cpu1 kfree(x1) / cpu1 hardirq kfree(x2)",
    "boot x2 = kmalloc(64) / cpu1 kfree(x1) / cpu1 softirq kfree(x2)",
    "cpu1 kfree(x1) / cpu1 hardirq kfree(x1)",
    "cpu1 kfree(x1) / cpu1 softirq kfree(x1)",
  ]);
});

Deno.test("objects of its own are made of others of their own, all the way down", () => {
  const body = "boot m1 = mkdir(root)\nboot c1 = css_hold(m1)\ncpu0 css_drop(c1)";
  const own = all(body, 0).filter((ops) => ops.includes("mkdir(root) / boot m2"));
  assertEquals(own.length > 0, true);
  for (const ops of own) {
    assertEquals(ops.includes("boot m2 = mkdir(root) / boot c1 = css_hold(m1)"), true, ops);
    assertEquals(ops.includes("boot c2 = css_hold(m2) / cpu0 css_drop(c1)"), true, ops);
    assertEquals(/irq css_drop\(c2\)$/.test(ops), true, ops);
  }
});

Deno.test("it adds nothing if no task does what a handler may, or there is no room", () => {
  const few = ["boot m1 = mkdir(root)", "cpu0 rmdir(m1)"];
  assertEquals(interrupted(few.join("\n"), 1), few);
  const many = Array.from({ length: OPS_MAX - 1 }, () => "cpu0 kmalloc(64)");
  assertEquals(interrupted(["boot m1 = mkdir(root)", ...many].join("\n"), 1).length, OPS_MAX);
});
