import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { Portfolio } from "../../../src/engine/strategies/portfolio.ts";
import type { Pay, Situation, Strategy } from "../../../src/engine/strategies/strategy.ts";
import { S_NEVENTS, SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import { meetingsWith } from "./meetings.ts";

const NOTHING: Pay = { features: 0, isNewTitle: false, state: Infinity };
const NEWS: Pay = { features: 4, isNewTitle: false, state: 1 };

/** A strategy that writes its number as the number of events. */
function numbered(n: number): Strategy {
  return { name: `s${n}`, doc: "", schedule: (out) => out[S_NEVENTS] = n };
}

const MEETINGS = meetingsWith({ position: () => 1 });
/** CPU 1 is started by another one. */
const STARTING = { ...MEETINGS, starts: 1 };
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

const portfolio = () =>
  new Portfolio([0, 1, 2].map((n) => ({ strategy: numbered(n), prior: 1, starter: 1, turn: 1 })));

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
  assertNotStrictEquals(p, q);
  assertEquals(turns(q, 500, -1, new Rng(2)), turns(portfolio(), 500, -1, new Rng(2)));
});

Deno.test("the portfolio counts the schedules that each strategy wrote, from zero in a campaign", () => {
  const p = portfolio();
  const counts = turns(p, 500, 1, new Rng(1));
  assertEquals([...p.parts.counts], counts);
  assertEquals(p.parts.names, ["s0", "s1", "s2"]);
  assertEquals([...p.begin().parts!.counts], [0, 0, 0]);
});

const WITH_SHARES = [100, 1, 1].map((prior, n) => ({
  strategy: numbered(n),
  prior,
  starter: n === 2 ? 100 : 1,
  wide: n === 1 ? 100 : 1,
  turn: 1,
}));

Deno.test("programs with more CPUs than a kernel may have have shares of their own, from the first", () => {
  const p = new Portfolio(WITH_SHARES);
  const rng = new Rng(3);
  const out = new Int32Array(SCHEDULE_WORDS);
  const counts = [0, 0, 0];
  for (let i = 0; i < 1000; i++) {
    p.schedule(out, { ...AGAIN, cpus: 33, past: i === 0 ? undefined : AGAIN.past }, rng);
    counts[out[S_NEVENTS]]++;
    p.paid!(NOTHING);
  }
  assert(counts[1] > 900, `${counts}`);
});

Deno.test("programs that start CPUs have shares of their own", () => {
  const p = new Portfolio(WITH_SHARES);
  const rng = new Rng(3);
  assert(turns(p, 1000, -1, rng)[0] > 900);
  const counts = [0, 0, 0];
  const out = new Int32Array(SCHEDULE_WORDS);
  for (let i = 0; i < 1000; i++) {
    p.schedule(out, { ...AGAIN, past: { ...AGAIN.past!, count: 19, meetings: STARTING } }, rng);
    counts[out[S_NEVENTS]]++;
    p.paid!(NOTHING);
  }
  assert(counts[2] > 900, `${counts}`);
});
