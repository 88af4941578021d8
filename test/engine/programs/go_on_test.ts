import { assert, assertEquals } from "@std/assert";
import { AGAIN_MAX } from "../../../src/engine/programs/again.ts";
import { OPS_MAX } from "../../../src/engine/programs/append.ts";
import { race, step } from "../../../src/engine/programs/go_on.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { mutated, WORDS } from "./mutated.ts";

const BODY = "boot m1 = mkdir(root)\nboot x1 = kmalloc(64)\nboot c1 = css_hold(m1)";
const BOOT = BODY.split("\n");
const SEEDS = Array.from({ length: 80 }, (_, seed) => seed);

/** The programs that come of it, for each seed. */
function all(go: typeof step): string[][] {
  return SEEDS.map((seed) => mutated(BODY, (w) => go(w, WORDS, new Rng(seed))));
}

/** Whether something is done again and again. */
const isRepeated = (ops: string[]) => ops.length === AGAIN_MAX;

/** What comes after the boot operations, where nothing is done again and again. */
function after(go: typeof step): string[][] {
  return all(go).filter((ops) => !isRepeated(ops)).map((ops) => {
    assertEquals(ops.filter((o) => BOOT.includes(o)), BOOT, "what comes to the state stays");
    return ops.filter((o) => !o.startsWith("boot"));
  });
}

Deno.test("a step is one operation, mostly of CPU 0", () => {
  const steps = after(step);
  assertEquals(steps.filter((ops) => ops.length > 1), []);
  const on0 = steps.filter(([op]) => op?.startsWith("cpu0")).length;
  const on1 = steps.filter(([op]) => op?.startsWith("cpu1")).length;
  assert(on0 > 2 * on1 && on1 > 0, `${on0} ${on1}`);
});

Deno.test("one step in four does one operation again and again, at boot too", () => {
  const repeated = all(step).filter(isRepeated);
  assert(repeated.length > SEEDS.length / 8, String(repeated.length));
  assert(repeated.length < SEEDS.length / 2, String(repeated.length));
  const atBoot = repeated.filter((ops) => ops.filter((o) => o.startsWith("boot")).length > OPS_MAX);
  assert(atBoot.length > 0 && atBoot.length < repeated.length, String(atBoot.length));
});

Deno.test("a handler of a race sometimes comes again and again", () => {
  const handlers = Array.from(
    { length: 10 * SEEDS.length },
    (_, seed) =>
      mutated(BODY, (w) => race(w, WORDS, new Rng(seed))).filter((o) => /irq/.test(o)).length,
  );
  const many = handlers.filter((n) => n > OPS_MAX).length;
  assert(many > 0 && many < handlers.length / 16, String(many));
});

Deno.test("a race is several operations on all CPUs, half of the time with a handler like a task", () => {
  const races = after(race);
  const tasks = races.map((ops) => ops.filter((o) => !/irq/.test(o)).length);
  assert(Math.max(...tasks) >= 3, String(tasks));
  const handlers = races.filter((ops) => ops.some((o) => /irq/.test(o)));
  assert(handlers.length > SEEDS.length / 8, String(handlers.length));
  const within = handlers.filter((ops) => ops.every((o) => o.startsWith("cpu0")));
  assert(within.length > handlers.length / 3, `${within.length} of ${handlers.length}`);
});

Deno.test("CPU 0, which is in the state, races with another CPU", () => {
  const between = after(race).filter((ops) => ops.every((o) => !/irq/.test(o)));
  assert(between.length > SEEDS.length / 4, String(between.length));
  const both = between.filter((ops) =>
    ["cpu0", "cpu1"].every((c) => ops.some((o) => o.startsWith(c)))
  );
  // The others were to meet a handler on CPU 0, and no handler can do what they do.
  assert(4 * both.length > 3 * between.length, `${both.length} of ${between.length}`);
});

Deno.test("where there is no room nothing follows, but what is there may be done again", () => {
  const full = Array.from({ length: OPS_MAX }, (_, i) => `boot x${i + 1} = kmalloc(64)`);
  const go = (f: typeof step) =>
    SEEDS.map((seed) => mutated(full.join("\n"), (w) => f(w, WORDS, new Rng(seed))));
  for (const ops of go(race)) assertEquals(ops, full);
  for (const ops of go(step)) {
    assert(ops.every((o) => /^boot x\d+ = kmalloc/.test(o)), ops.join("\n"));
    assert([OPS_MAX, AGAIN_MAX].includes(ops.length), String(ops.length));
  }
});
