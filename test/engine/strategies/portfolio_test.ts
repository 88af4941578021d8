import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { Portfolio } from "../../../src/engine/strategies/portfolio.ts";
import type { Pay, Situation, Strategy } from "../../../src/engine/strategies/strategy.ts";
import { S_NEVENTS, S_WALK, SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import { meetingsWith } from "./meetings.ts";

const NOTHING: Pay = { features: 0, isNewTitle: false, state: Infinity };
const NEWS: Pay = { features: 4, isNewTitle: false, state: 1 };

/** A strategy that writes its number as the number of events. */
function numbered(n: number): Strategy {
  return { name: `s${n}`, doc: "", schedule: (out) => out[S_NEVENTS] = n };
}

const MEETINGS = meetingsWith({ position: () => 1 });
const AGAIN: Situation = {
  cpus: 2,
  points: 20,
  interrupts: 0,
  preemptible: false,
  past: { meetings: MEETINGS, count: 1, changed: new Uint32Array(1) },
};

/** How often each strategy has its turn in `n` executions, of which those of one pay. */
function turns(p: Strategy, n: number, paying: number, rng: Rng): number[] {
  const counts = [0, 0, 0];
  const out = new Int32Array(SCHEDULE_WORDS);
  for (let i = 0; i < n; i++) {
    p.schedule(out, AGAIN, rng);
    counts[out[S_NEVENTS]]++;
    p.paid!(out[S_NEVENTS] === paying ? NEWS : NOTHING);
  }
  return counts;
}

/** The same share for all kinds of programs. */
const EQUAL = { usual: 1, starting: 1, wide: 1, long: 1 };

const portfolio = () =>
  new Portfolio(
    [0, 1, 2].map((n) => ({ strategy: numbered(n), turn: 1, ...EQUAL })),
  );

Deno.test("the portfolio gives most turns to what pays, and some to all", () => {
  const p = portfolio();
  const rng = new Rng(1);
  turns(p, 8000, 2, rng);
  const counts = turns(p, 2000, 2, rng);
  assert(counts[2] > 1200, `${counts}`);
  assert(counts[0] > 20 && counts[1] > 20, `${counts}`);
});

Deno.test("the portfolio follows when something else begins to pay", () => {
  const p = portfolio();
  const rng = new Rng(1);
  turns(p, 8000, 2, rng);
  turns(p, 30_000, 0, rng);
  const counts = turns(p, 2000, 0, rng);
  assert(counts[0] > 1200, `${counts}`);
});

Deno.test("the portfolio keeps its shares when nothing pays, and executes by its seed", () => {
  const counts = turns(portfolio(), 3000, -1, new Rng(7));
  for (const n of counts) assert(n > 850 && n < 1150, `${counts}`);
  assertEquals(turns(portfolio(), 3000, -1, new Rng(7)), counts);
});

Deno.test("the portfolio does not count executions of a program that did not run before", () => {
  const p = portfolio();
  const out = new Int32Array(SCHEDULE_WORDS);
  const rng = new Rng(1);
  for (let i = 0; i < 5000; i++) {
    p.schedule(out, { ...AGAIN, past: { ...AGAIN.past!, count: 0 } }, rng);
    p.paid!(out[S_NEVENTS] === 1 ? NEWS : NOTHING);
  }
  for (const n of turns(p, 900, -1, rng)) assert(n > 230 && n < 370, `${n}`);
});

Deno.test("begin() gives a portfolio and strategies that have seen nothing", () => {
  const p = portfolio();
  turns(p, 3000, 1, new Rng(1));
  const q = p.begin!();
  assertNotStrictEquals<Strategy>(p, q);
  assertEquals(turns(q, 500, -1, new Rng(2)), turns(portfolio(), 500, -1, new Rng(2)));
});

Deno.test("the portfolio counts the schedules that each strategy wrote, from zero in a campaign", () => {
  const p = portfolio();
  const counts = turns(p, 500, 1, new Rng(1));
  assertEquals([...p.parts.counts], counts);
  assertEquals(p.parts.names, ["s0", "s1", "s2"]);
  assertEquals([...p.begin().parts!.counts], [0, 0, 0]);
});

/** Strategy 0 for most programs, 1 for wide ones, 2 for those that start CPUs or have had many schedules. */
const OWN_SHARES = [0, 1, 2].map((n) => ({
  strategy: numbered(n),
  turn: 1,
  usual: n === 0 ? 100 : 1,
  wide: n === 1 ? 100 : 1,
  starting: n === 2 ? 100 : 1,
  long: n === 2 ? 100 : 0,
}));

/** How often each strategy has its turn in 1000 executions in a situation, the first without a past. */
function turnsIn(s: Partial<Situation>): number[] {
  const p = new Portfolio(OWN_SHARES);
  const rng = new Rng(3);
  const out = new Int32Array(SCHEDULE_WORDS);
  const counts = [0, 0, 0];
  for (let i = 0; i < 1000; i++) {
    p.schedule(out, { ...AGAIN, ...s, past: i === 0 ? undefined : AGAIN.past }, rng);
    counts[out[S_NEVENTS]]++;
    p.paid!(NOTHING);
  }
  return counts;
}

Deno.test("programs that start CPUs, or have more than a kernel may have, have shares of their own", () => {
  assert(turnsIn({})[0] > 900);
  assert(turnsIn({ starts: true })[2] > 900);
  assert(turnsIn({ cpus: 33, starts: true })[1] > 900);
});

Deno.test("the first executions of a program that starts CPUs are walks", () => {
  const p = new Portfolio();
  const out = new Int32Array(SCHEDULE_WORDS);
  const rng = new Rng(1);
  const walks = (program: number, starts: boolean) =>
    Array.from({ length: 200 }, (_, i) => {
      const past = { ...AGAIN.past!, count: i === 0 ? 0 : 1, program };
      p.schedule(out, { ...AGAIN, past, starts }, rng);
      return out[S_WALK] > 0;
    });
  const first = walks(1, true);
  assertEquals(first.slice(0, 3), [true, true, true]);
  assert(first.slice(3).includes(true) && first.slice(3).includes(false));
  assertEquals(walks(2, true).slice(0, 3), [true, true, true], "of each program");
  assert(!walks(3, false).includes(true));
});

Deno.test("a program that has had very many schedules has shares of its own", () => {
  const p = new Portfolio(OWN_SHARES);
  const rng = new Rng(3);
  assert(turns(p, 2048, -1, rng)[0] > 1800);
  assertEquals(turns(p, 500, -1, rng), [0, 0, 500], "with a share of 0 there is no turn");
  const past = { ...AGAIN.past!, count: 0 };
  p.schedule(new Int32Array(SCHEDULE_WORDS), { ...AGAIN, past }, rng);
  assert(turns(p, 1000, -1, rng)[0] > 900, "another program has come");
});

Deno.test("a strategy is told of its execution when the turn goes to another one", () => {
  const noted: number[] = [];
  const parts = [0, 1, 2].map((n) => ({
    strategy: { ...numbered(n), note: (out: Int32Array) => noted.push(n - out[S_NEVENTS]) },
    turn: 1,
    ...EQUAL,
  }));
  const p = new Portfolio(parts);
  const out = new Int32Array(SCHEDULE_WORDS);
  let changes = 0;
  for (let i = 0, last = -1; i < 300; i++, last = out[S_NEVENTS]) {
    p.schedule(out, AGAIN, new Rng(i));
    if (last >= 0 && out[S_NEVENTS] !== last) changes++;
  }
  assert(changes > 50);
  assert(noted.length >= changes);
  assertEquals(new Set(noted.slice(-changes)), new Set([0]), "with its own schedule");
});

Deno.test("where nothing pays for long, shares draw near each other, in their order", () => {
  const parts = [16, 3, 1].map((usual, n) => ({
    ...EQUAL,
    strategy: numbered(n),
    turn: 1,
    usual,
    long: usual,
  }));
  const p = new Portfolio(parts);
  const rng = new Rng(5);
  turns(p, 20_000, -1, rng);
  const counts = turns(p, 5000, -1, rng);
  assert(counts[0] > counts[1] && counts[1] > counts[2], `${counts}`);
  assert(counts[0] < 3500, `${counts}`);
});
