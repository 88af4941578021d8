import { assert, assertEquals } from "@std/assert";
import { actorOf } from "../../../src/machine/layout/actors.ts";
import { JOINING, type Meetings, STARTED } from "../../../src/machine/executor.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import {
  Accesses,
  ACQUIRES,
  RELEASES,
  startedBy,
} from "../../../src/engine/strategies/accesses.ts";
import { finishEvents } from "../../../src/engine/strategies/events.ts";
import { pos } from "../../../src/engine/strategies/pos.ts";
import { rff } from "../../../src/engine/strategies/rff.ts";
import type { Situation, Strategy } from "../../../src/engine/strategies/strategy.ts";
import { surw } from "../../../src/engine/strategies/surw.ts";
import {
  accesses,
  beginWeave,
  hasNext,
  readAccesses,
  step,
} from "../../../src/engine/strategies/weave.ts";
import { SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import { unpackNumeric } from "../../../src/prog/pack.ts";
import { CONTEXTS } from "../../../src/prog/types.ts";

/** One access that an actor came to: position, key, cell, and where and by whom it was written. */
interface Met {
  at: number;
  key: number;
  cell: number;
  writes?: boolean;
  written?: number;
  writer?: number;
  reader?: number;
}

/** A lock that an actor let go: position, actor, and the lock's cell. */
type Released = readonly [at: number, by: number, lock: number];

function meetingsOf(
  met: readonly Met[],
  turns: readonly (readonly [number, number])[],
  released: readonly Released[] = [],
): Meetings {
  return {
    keys: 64,
    count: met.length,
    position: (m) => met[m].at,
    key: (m) => met[m].key,
    written: (m) => met[m].written ?? 0,
    writer: (m) => met[m].writer ?? 0,
    reader: (m) => met[m].reader ?? 0,
    cell: (m) => met[m].cell,
    writes: (m) => met[m].writes ?? false,
    turns: turns.length,
    turnStart: (t) => turns[t][0],
    turnActor: (t) => turns[t][1],
    starts: met.filter(({ key }) => key >= STARTED).length,
    releases: released.length,
    releasedAt: (r) => released[r][0],
    releaser: (r) => released[r][1],
    released: (r) => released[r][2],
  };
}

/** CPU 0 writes two cells at its points 4 and 8; then CPU 1 reads them at its points 3 and 5. */
const TURNS = [[0, 0], [10, 1]] as const;
const MET: readonly Met[] = [
  { at: 4, key: 20, cell: 7, writes: true },
  { at: 13, key: 30, cell: 7, written: 4, writer: 0, reader: 1 },
  { at: 15, key: 31, cell: 9, written: 8, writer: 0, reader: 1 },
];

function situation(meetings: Meetings): Situation {
  const past = { meetings, count: meetings.count, changed: new Uint32Array(64) };
  return { cpus: 2, points: 20, interrupts: 0, preemptible: false, past };
}

Deno.test("Accesses have places on their CPUs, those that are only known as writes too", () => {
  const a = new Accesses();
  a.read(meetingsOf(MET, TURNS), 2);
  const all = Array.from({ length: a.count }, (_, i) => [a.cpu[i], a.place[i], a.cell[i]]);
  assertEquals(all, [[0, 4, 7], [0, 8, 9], [1, 3, 7], [1, 5, 9]]);
  assertEquals([...a.writes.subarray(0, 4)], [1, 1, 0, 0]);
  assertEquals([...a.key.subarray(0, 4)], [20, -1, 30, 31]);
  assertEquals([...a.first.subarray(0, 3)], [0, 2, 4]);
});

Deno.test("Accesses of an actor that was stopped and went on lie where it was stopped", () => {
  const a = new Accesses();
  // CPU 0 is stopped before its point 4; CPU 1 has 6 points; then CPU 0 makes its access.
  const met = [{ at: 10, key: 1, cell: 3, written: 7, writer: 1, reader: 0, writes: true }];
  a.read(meetingsOf(met, [[0, 0], [4, 1], [10, 0]]), 2);
  assertEquals([a.cpu[0], a.place[0], a.cpu[1], a.place[1]], [0, 4, 1, 3]);
});

Deno.test("Accesses leave handlers out, and count their points", () => {
  const handler = actorOf(0, CONTEXTS.indexOf("hardirq"));
  const a = new Accesses();
  const met = [{ at: 6, key: 1, cell: 3 }, { at: 12, key: 2, cell: 3 }];
  a.read(meetingsOf(met, [[0, 0], [4, handler], [9, 0]]), 1);
  assertEquals([a.count, a.place[0], a.handlers], [1, 7, 5]);
});

Deno.test("a weave switches where the accesses lie", () => {
  const s = situation(meetingsOf(MET, TURNS));
  const out = new Int32Array(SCHEDULE_WORDS);
  assert(readAccesses(s));
  for (let seed = 0;; seed++) {
    beginWeave(out, s, new Rng(seed));
    for (const c of [0, 1, 1, 0]) step(out, c);
    finishEvents(out);
    const { order, events } = unpackNumeric(out, 2);
    if (events.some((e) => e.action !== "switch")) continue;
    let at = 0;
    const text = events.map((e) => `${at += e.gap} ${e.action === "switch" ? e.cpu : ""}`);
    // CPU 0 stands before its point 8, CPU 1 makes both reads and stands before its point 6.
    assertEquals([order[0], text], [0, ["8 1", "14 0"]]);
    return;
  }
});

/** CPU 0 writes at its point 2, starts CPU 1 at its point 5, and waits for its end at point 8. */
const STARTING: readonly Met[] = [
  { at: 2, key: 20, cell: 7, writes: true },
  { at: 6, key: STARTED + 1, cell: 0, reader: 0 },
  { at: 8, key: JOINING, cell: 0, reader: 0 },
  { at: 11, key: 30, cell: 7, written: 2, writer: 0, reader: 1 },
  { at: 16, key: 21, cell: 7, written: 2, writer: 0, reader: 0 },
];
const STARTING_TURNS = [[0, 0], [8, 1], [14, 0]] as const;

Deno.test("the start of a CPU is an access of its starter; what follows a wait for its end is left out", () => {
  const a = new Accesses();
  a.read(meetingsOf(STARTING, STARTING_TURNS), 2);
  const all = Array.from({ length: a.count }, (_, i) => [a.cpu[i], a.place[i], a.cell[i]]);
  assertEquals(all.filter(([, , cell]) => startedBy(cell) < 0), [[0, 2, 7], [1, 3, 7]]);
  assertEquals(all.find(([, , cell]) => startedBy(cell) === 1)?.slice(0, 2), [0, 5]);
  assertEquals([...a.starter.subarray(0, 2)], [-1, 0]);
  assertEquals(a.shared, 2);
});

Deno.test("a CPU has no access to make before it is started", () => {
  const out = new Int32Array(SCHEDULE_WORDS);
  const s = situation(meetingsOf(STARTING, STARTING_TURNS));
  assert(readAccesses(s));
  beginWeave(out, s, new Rng(1));
  const isOpen = [hasNext(1)];
  for (let i = 0; i < 2; i++) {
    step(out, 0);
    isOpen.push(hasNext(1));
  }
  assertEquals(isOpen, [false, false, true]);
});

/** Each CPU takes the lock 9, writes and lets it go: CPU 0 at its points 2, 3, 4, then CPU 1. */
const LOCKED: readonly Met[] = [
  { at: 2, key: 40, cell: 9, writes: true },
  { at: 3, key: 41, cell: 7, writes: true },
  { at: 8, key: 40, cell: 9, written: 2, writer: 0, reader: 1, writes: true },
  { at: 9, key: 41, cell: 7, written: 3, writer: 0, reader: 1, writes: true },
];
const RELEASED: readonly Released[] = [[4, 0, 9], [10, 1, 9]];

Deno.test("a CPU that wants a lock waits until the one that took it has let it go", () => {
  const out = new Int32Array(SCHEDULE_WORDS);
  const s = situation(meetingsOf(LOCKED, [[0, 0], [6, 1]], RELEASED));
  assert(readAccesses(s));
  assertEquals([...accesses.lock.subarray(0, 6)], [ACQUIRES, 0, RELEASES, ACQUIRES, 0, RELEASES]);
  beginWeave(out, s, new Rng(1));
  const isFree = [hasNext(0)];
  for (let i = 0; i < 3; i++) {
    step(out, 1);
    isFree.push(hasNext(0));
  }
  assertEquals(isFree, [true, false, false, true]);
});

Deno.test("a lock that is never let go, or that nobody has met at, keeps nobody waiting", () => {
  const a = new Accesses();
  a.read(meetingsOf(LOCKED, [[0, 0], [6, 1]]), 2);
  assertEquals([...a.lock.subarray(0, a.count)], [0, 0, 0, 0]);
  a.read(meetingsOf(LOCKED.filter(({ cell }) => cell !== 9), [[0, 0], [6, 1]], RELEASED), 2);
  assertEquals([...a.lock.subarray(0, a.count)], [0, 0]);
});

for (const strategy of [pos, surw, rff]) {
  Deno.test(`${strategy.name} comes to all orders of four accesses`, () => {
    const s = situation(meetingsOf(MET, TURNS));
    const own: Strategy = strategy.begin?.() ?? strategy;
    const orders = new Set<string>();
    const rng = new Rng(5);
    for (let i = 0; i < 300; i++) {
      const out = new Int32Array(SCHEDULE_WORDS);
      own.schedule(out, s, rng);
      const { order, events } = unpackNumeric(out, 2);
      orders.add([order[0], ...events.map((e) => `${e.gap} ${e.action}`)].join());
    }
    assert(orders.size >= 6, `${orders.size} orders`);
  });
}
