import { assert, assertEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../../machine/harness.ts";
import { CROWD, S2, SCHEDULE, TITLE } from "../s2.ts";
import type { Program } from "../../../src/prog/types.ts";

const m = await makeMachine({ cpus: 3, target: OBJCG });
const { minimize } = await import("../../../src/engine/triage/minimize.ts");
const { size } = await import("../../../src/engine/triage/size.ts");
const { runOps } = await import("../../../src/engine/inputs/input.ts");
const { checkProgram } = await import("../../../src/prog/check.ts");
const { parseProgram } = await import("../../../src/prog/parse.ts");
const { printProgram } = await import("../../../src/prog/print.ts");
const { Rng } = await import("../../../src/engine/programs/rng.ts");
const { random } = await import("../../../src/engine/strategies/random.ts");
const { unpackNumeric } = await import("../../../src/prog/pack.ts");
const { SCHEDULE_WORDS } = await import("../../../src/prog/layout.ts");

const crowd = m.parse(CROWD + SCHEDULE);
const OPTIONS = { budget: 4000 };

/** Whether the sizes never grow. */
function assertDescending(programs: Program[]): void {
  for (let i = 1; i < programs.length; i++) {
    const [a, b] = [size(programs[i - 1]), size(programs[i])];
    const k = a.findIndex((x, n) => x !== b[n]);
    assert(k < 0 || b[k] < a[k], `${a} and then ${b}`);
  }
}

Deno.test("the seed of S2 shows its title, alone and in a crowd", () => {
  assertEquals(m.run(S2 + SCHEDULE).title, TITLE);
  assertEquals(m.run(crowd).title, TITLE);
});

Deno.test("minimize() finds the two operations of S2 in a crowd", () => {
  const steps: Program[] = [crowd];
  const { program, execs } = minimize(m.executor, crowd, TITLE, m.spec, {
    ...OPTIONS,
    onBetter: (p) => void steps.push(p),
  });
  assertEquals(m.run(program).title, TITLE);
  assert(runOps(program) <= 2, printProgram(program));
  assertEquals(program.cpus, 2);
  assert(program.schedule?.kind === "symbolic" && program.schedule.steps.length <= 4);
  assert(program.ops.length <= 6, printProgram(program));
  assert(execs > 0 && execs <= OPTIONS.budget + 100);
  assertDescending([...steps, program]);
  assertEquals(checkProgram(program, m.spec), []);
  const text = printProgram(program);
  const again = parseProgram(text, "minimised", [m.spec]);
  assertEquals(again.errors, []);
  assertEquals(m.run(again.program!).title, TITLE);
});

Deno.test("minimize() gives the same result twice, and cannot make it smaller", () => {
  const once = minimize(m.executor, crowd, TITLE, m.spec, OPTIONS).program;
  assertEquals(minimize(m.executor, crowd, TITLE, m.spec, OPTIONS).program, once);
  const twice = minimize(m.executor, once, TITLE, m.spec, OPTIONS).program;
  assertEquals(size(twice), size(once));
});

Deno.test("minimize() stops when told to, with the best so far", () => {
  for (const patience of [0, 1, 5, 20, 60]) {
    let asked = 0;
    const { program } = minimize(m.executor, crowd, TITLE, m.spec, {
      ...OPTIONS,
      stop: () => ++asked > patience,
    });
    assertEquals(m.run(program).title, TITLE);
    assertDescending([crowd, program]);
  }
});

Deno.test("minimize() keeps to its budget", () => {
  for (const budget of [0, 1, 10, 50]) {
    const { program, execs } = minimize(m.executor, crowd, TITLE, m.spec, { budget });
    assert(execs <= budget + 3, `${execs} of ${budget}`);
    assertEquals(m.run(program).title, TITLE);
  }
});

Deno.test("minimize() tells how far it is", () => {
  const seen: number[] = [];
  minimize(m.executor, crowd, TITLE, m.spec, {
    ...OPTIONS,
    onProgress: (execs) => void seen.push(execs),
  });
  assertEquals(seen, seen.map((_, i) => 256 * (i + 1)));
});

Deno.test("minimize() never loses the title of whatever random schedules find", () => {
  const found = new Map<string, Program>();
  for (let seed = 0; seed < 1500 && found.size < 3; seed++) {
    const words = new Int32Array(SCHEDULE_WORDS);
    random.schedule(
      words,
      { cpus: 3, points: 600, interrupts: 1, preemptible: true },
      new Rng(seed),
    );
    const p = { ...m.parse(CROWD), schedule: unpackNumeric(words, 3) };
    const { title } = m.run(p);
    if (title === null || found.has(title)) continue;
    const symbolic = m.recorded(p);
    if (m.run(symbolic).title === title) found.set(title, symbolic);
  }
  assert(found.size >= 2, [...found.keys()].join("; "));
  for (const [title, p] of found) {
    const { program } = minimize(m.executor, p, title, m.spec, OPTIONS);
    assertEquals(m.run(program).title, title);
    assertDescending([p, program]);
  }
});

Deno.test("minimize() leaves out flags that do not matter", () => {
  const flagged = S2.replace("charge(o, 64)", "charge(o, 64, GFP_KERNEL|__GFP_NOFAIL)");
  const p = m.parse(flagged + SCHEDULE);
  assertEquals(m.run(p).title, TITLE);
  const { program } = minimize(m.executor, p, TITLE, m.spec, OPTIONS);
  assertEquals(m.run(program).title, TITLE);
  assertEquals(program.ops.flatMap((o) => o.args).filter((a) => a.kind === "flags"), []);
});

/** A form of S3 that needs CPU 0 to wait in rmdir(): a campaign found it with another operation behind. */
const WAITS = `
  boot m1 = mkdir(root)
  boot c1 = css_hold(m1)
  boot m2 = mkdir(m1)
  boot o1 = obj_cgroup_get_remote(m2)
  boot obj_cgroup_charge(o1, 1)
  boot o2 = obj_cgroup_get_remote(m2)
  boot kmalloc_remote(c1, 0)
  boot obj_cgroup_uncharge(o2, 1)
  boot rmdir(m2)
  cpu0 rmdir(m1)
  cpu0 signal(cpu0)
  cpu1 kmalloc_remote(c1, 0)
schedule:
  cpu1 until refill_stock: this_cpu_add c
  cpu0 until send_signal: rcu_read_lock
  cpu1 until drain_obj_stock: store cached_objcg
  cpu0 until obj_stock_flush_required: load cached_objcg #4
  cpu1 until end
`;

Deno.test("a minimised schedule names no point that does not come", () => {
  const title = "KASAN: null-ptr-deref in obj_stock_flush_required";
  const p = m.parse(WAITS, { cpus: 2 });
  assertEquals(m.run(p).title, title);
  const { program } = minimize(m.executor, p, title, m.spec, OPTIONS);
  const ran = m.run(program);
  assertEquals([ran.title, ran.unreached], [title, 0], printProgram(program));
  assert(!printProgram(program).includes("signal"), "its operation has gone");
});
