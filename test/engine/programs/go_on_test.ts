import { assert, assertEquals } from "@std/assert";
import { OPS_MAX } from "../../../src/engine/programs/append.ts";
import { race, step } from "../../../src/engine/programs/go_on.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { mutated, WORDS } from "./mutated.ts";

const BODY = "boot m1 = mkdir(root)\nboot x1 = kmalloc(64)\nboot c1 = css_hold(m1)";
const BOOT = BODY.split("\n");
const SEEDS = Array.from({ length: 80 }, (_, seed) => seed);

/** What comes after the boot operations, for each seed. */
function after(go: typeof step): string[][] {
  return SEEDS.map((seed) => {
    const ops = mutated(BODY, (w) => go(w, WORDS, new Rng(seed)));
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

Deno.test("a race is several operations on all CPUs, half of the time with a handler like a task", () => {
  const races = after(race);
  const tasks = races.map((ops) => ops.filter((o) => !/irq/.test(o)).length);
  assert(Math.max(...tasks) >= 3, String(tasks));
  const both = races.filter((ops) =>
    ["cpu0", "cpu1"].every((c) => ops.some((o) => o.startsWith(c)))
  );
  assert(both.length > SEEDS.length / 4, String(both.length));
  const handlers = races.filter((ops) => ops.some((o) => /irq/.test(o)));
  assert(handlers.length > SEEDS.length / 8, String(handlers.length));
  const within = handlers.filter((ops) => ops.every((o) => o.startsWith("cpu0")));
  assert(within.length > handlers.length / 3, `${within.length} of ${handlers.length}`);
});

Deno.test("nothing follows where there is no room", () => {
  const full = Array.from({ length: OPS_MAX }, (_, i) => `boot x${i + 1} = kmalloc(64)`);
  for (const go of [step, race]) {
    for (const seed of SEEDS) {
      assertEquals(mutated(full.join("\n"), (w) => go(w, WORDS, new Rng(seed))), full);
    }
  }
});
