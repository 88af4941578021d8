import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../../machine/harness.ts";
import { NUMERIC } from "../../../src/machine/executor.ts";
import { P_CPUS, S_ORDER } from "../../../src/prog/layout.ts";

const m = await makeMachine({ cpus: 3, target: OBJCG });
const { Campaign } = await import("../../../src/engine/campaign/campaign.ts");
const { bench } = await import("../../../src/engine/bench.ts");
const { STRATEGIES } = await import("../../../src/engine/strategies/all.ts");
const { load, titleOf } = await import("../../../src/engine/inputs/input.ts");
const { executor } = m;
const { program: prog, schedule: sched } = executor;
/** More than come before a campaign goes on from states. */
const EXECS = 3000;
/** Enough to find some of the posted patch's bugs. */
const MANY = 20_000;

/** Everything a campaign tells, as text, and what it counted. */
function campaign(seed: bigint, strategy = STRATEGIES[0], shard = 0, maxExecs = EXECS): string[] {
  executor.forget();
  const events: string[] = [];
  const c = new Campaign(executor, m.spec, {
    seed,
    shard,
    cpus: 3,
    preempt: "full",
    strategy,
    maxExecs,
  }, {
    onFinding(title, execs) {
      events.push(`${execs}: ${title}`);
      return 0;
    },
    onNovel: () => void events.push(`novel ${prog.slice(0, 3)} ${sched.slice(0, 3)}`),
    onPulse: (it) => void events.push(`${it.execs}: ${it.features} ${it.queue.entries.length}`),
    stop: () => false,
  });
  c.fuzz();
  events.push(`${c.execs} ${c.points} ${c.switches} ${[...c.titles].join()}`);
  return events;
}

for (const strategy of STRATEGIES) {
  Deno.test(`a campaign with ${strategy.name} is a function of its seed`, () => {
    const first = campaign(7n, strategy);
    assertEquals(campaign(7n, strategy), first);
    assertNotEquals(campaign(8n, strategy), first);
    assertNotEquals(campaign(7n, strategy, 1), first);
  });
}

Deno.test("a campaign keeps to its bound exactly", () => {
  for (const bound of [0, 1, 11, 12, 13, 100, EXECS]) {
    assertEquals(campaign(3n, STRATEGIES[0], 0, bound).at(-1)!.split(" ")[0], `${bound}`);
  }
});

Deno.test("a campaign finds something new, keeps it, and tells a title once", () => {
  const events = campaign(1n, STRATEGIES[0], 0, MANY);
  const titles = events.slice(0, -1).filter((e) => /^\d+: .*[a-z]/.test(e))
    .map((e) => e.replace(/^\d+: /, ""));
  assertEquals(new Set(titles).size, titles.length);
  assert(titles.length > 0, "the posted patch has bugs");
  assert(events.filter((e) => e.startsWith("novel")).length > 50);
});

Deno.test("what a campaign reports can be run again from the arena, at once", () => {
  const seenTitles: (string | null)[][] = [];
  const c = new Campaign(
    executor,
    m.spec,
    { seed: 2n, shard: 0, cpus: 3, preempt: "full", strategy: STRATEGIES[0], maxExecs: MANY },
    {
      onFinding(title) {
        executor.record(NUMERIC);
        seenTitles.push([title, titleOf(executor)]);
        return 1;
      },
      stop: () => false,
    },
  );
  c.fuzz();
  assert(seenTitles.length > 0);
  for (const [title, again] of seenTitles) assertEquals(again, title);
});

Deno.test("a campaign stops when told to, and goes on when run again", () => {
  let left = 10;
  const c = new Campaign(
    executor,
    m.spec,
    { seed: 4n, shard: 0, cpus: 3, preempt: "full", strategy: STRATEGIES[0], maxExecs: EXECS },
    { onFinding: () => 0, stop: () => left-- <= 0 },
  );
  c.fuzz();
  const { execs } = c;
  assert(execs > 0 && execs < EXECS);
  left = 10;
  c.fuzz();
  assert(c.execs > execs);
});

Deno.test("seedWith() runs known inputs before anything else", () => {
  let loaded = 0;
  const input = m.parse(
    `cpu0 a = mkdir(root)\ncpu1 rmdir(a)\nschedule:\ncpu0 until end\ncpu1 until end`,
  );
  const c = new Campaign(
    executor,
    m.spec,
    { seed: 4n, shard: 0, cpus: 3, preempt: "full", strategy: STRATEGIES[0], maxExecs: 100 },
    { onFinding: () => 0, stop: () => false },
  );
  executor.forget();
  c.seedWith(() => {
    load(executor, input, m.spec);
    return loaded++ < 5 ? input : null;
  });
  assertEquals([c.execs, c.queue.entries.length], [5, 1], "what is new is kept once");
});

Deno.test("bench() counts with the clock it is given, and leaves the machine in order", () => {
  let now = 0;
  const r = bench(m.spec, {
    executor,
    cpus: 3,
    preempt: "full",
    strategy: STRATEGIES[0],
    ms: 40,
    now: () => now++,
  });
  for (const [key, value] of Object.entries(r)) {
    assert(Number.isFinite(value) && value >= 0, `${key}: ${value}`);
  }
  assertEquals(r.cpus, 3);
  assertEquals(m.run(`cpu0 a = mkdir(root)\ncpu1 b = mkdir(root)`).title, null);
});

Deno.test("whatever a campaign keeps has each of its CPUs once in the order of its schedule", () => {
  executor.forget();
  let kept = 0;
  new Campaign(executor, m.spec, {
    seed: 2n,
    shard: 0,
    cpus: 3,
    preempt: "full",
    strategy: STRATEGIES[0],
    maxExecs: MANY,
  }, {
    onFinding: () => 0,
    onNovel() {
      const cpus = prog[P_CPUS];
      const order = [...sched.slice(S_ORDER, S_ORDER + cpus)].sort();
      assertEquals(order, Array.from({ length: cpus }, (_, cpu) => cpu));
      kept++;
    },
    stop: () => false,
  }).fuzz();
  assert(kept > 100, String(kept));
});

/** S9 (corpus/README.md): two orders of locks, of which one lies behind a state that is hard to come to. */
const S9 =
  "WARNING: possible circular locking dependency: css_set_lock and sighand_struct->siglock";

Deno.test("what lies behind a rare state, and needs the locks of two programs, is found from nothing", () => {
  const within = [1n, 2n, 3n].map((seed) => {
    executor.forget();
    let at = 0;
    const c = new Campaign(executor, m.spec, {
      seed,
      shard: 0,
      cpus: 3,
      preempt: "full",
      strategy: STRATEGIES[0],
      maxExecs: 5 * MANY,
    }, {
      onFinding(title, execs) {
        if (title === S9) at = execs;
        return 0;
      },
      stop: () => at > 0,
    });
    c.fuzz();
    assert(c.archive.size > 0);
    return at;
  });
  assertEquals(within.filter((at) => at === 0), [], String(within));
});
