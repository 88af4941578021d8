import { assert, assertEquals } from "@std/assert";
import { Queue } from "../../../src/engine/campaign/queue.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import {
  P_NOPS,
  PROGRAM_WORDS,
  programEnd,
  SCHEDULE_WORDS,
  scheduleEnd,
} from "../../../src/prog/layout.ts";

const program = new Int32Array(PROGRAM_WORDS);
const schedule = new Int32Array(SCHEDULE_WORDS + 100); // the arena's view is longer

Deno.test("choose() gives nothing while the queue is empty", () => {
  assertEquals(new Queue().choose(new Rng(1)), null);
});

Deno.test("add() keeps copies of what there is of operations and events", () => {
  const q = new Queue();
  program[P_NOPS] = 3;
  program[3] = 5;
  const ends = [programEnd(program), scheduleEnd(schedule)];
  const e = q.add(program, schedule, 100, 2);
  program[3] = 6;
  schedule[0] = 1;
  assertEquals([e.program[3], e.schedule[0]], [5, 0]);
  assertEquals([e.program.length, e.schedule.length], ends);
  schedule[0] = 0;
});

Deno.test("choose() prefers what showed much for little, and tires of it", () => {
  const q = new Queue();
  const poor = q.add(program, schedule, 1000, 0);
  const rich = q.add(program, schedule, 10, 20);
  const rng = new Rng(2);
  for (let i = 0; i < 40; i++) q.choose(rng);
  assert(rich.chosen > poor.chosen, `${rich.chosen} and ${poor.chosen}`);
  assertEquals(rich.chosen + poor.chosen, 40);
  for (let i = 0; i < 20_000; i++) q.choose(rng);
  assert(poor.chosen > 0);
});

Deno.test("add() drops the least fruitful entry when there are too many", () => {
  const q = new Queue();
  const worst = q.add(program, schedule, 5000, 0);
  for (let i = 0; i < 2100; i++) q.add(program, schedule, 100, 1 + (i & 7));
  assertEquals(q.entries.length, 2048);
  assert(!q.entries.includes(worst));
});

Deno.test("choose() is a function of its generator", () => {
  const choices = () => {
    const q = new Queue();
    for (let i = 0; i < 100; i++) q.add(program, schedule, 100 + i, i % 5);
    const rng = new Rng(3);
    return Array.from({ length: 200 }, () => q.entries.indexOf(q.choose(rng)!));
  };
  assertEquals(choices(), choices());
});

Deno.test("choose() prefers entries that lead to states seldom come to", () => {
  const states = new Uint32Array(4);
  states.set([0, 10_000, 3], 0);
  const q = new Queue(states);
  const common = q.add(program, schedule, 100, 1, 1);
  const rare = q.add(program, schedule, 100, 1, 2);
  const rng = new Rng(3);
  for (let i = 0; i < 60; i++) q.choose(rng);
  assert(rare.chosen > 3 * common.chosen, `${rare.chosen} and ${common.chosen}`);
});

Deno.test("choose() goes on from states, however few the inputs that lead there", () => {
  const states = new Uint32Array(4);
  states.set([0, 10_000, 100], 0);
  const q = new Queue(states);
  for (let i = 0; i < 50; i++) q.add(program, schedule, 10, 50, 1);
  const rare = q.add(program, schedule, 1000, 1, 2, 1);
  for (let i = 0; i < 50; i++) q.add(program, schedule, 10, 50, 1);
  const rng = new Rng(4);
  for (let i = 0; i < 3000; i++) q.choose(rng);
  assert(rare.chosen > 100, String(rare.chosen));
  assertEquals(rare.cpu, 1);
});

Deno.test("choose() goes by what inputs showed alone if the target knows of no states", () => {
  const q = new Queue(new Uint32Array(4));
  const rich = q.add(program, schedule, 10, 1_000_000);
  for (let i = 0; i < 9; i++) q.add(program, schedule, 1000, 0);
  const rng = new Rng(5);
  // Six draws of ten, one half of them among the newest, which are all ten here.
  for (let i = 0; i < 600; i++) q.choose(rng);
  assert(rich.chosen > 250, String(rich.chosen));
});

Deno.test("one choice in three is by state: of the entries, those whose state was seldom chosen", () => {
  const states = new Uint32Array(4);
  const q = new Queue(states);
  for (let i = 0; i < 20; i++) q.add(program, schedule, 10, 1_000, 1);
  const other = q.add(program, schedule, 1_000_000, 0, 2); // it has next to no energy
  const rng = new Rng(6);
  for (let i = 0; i < 300; i++) q.choose(rng);
  assert(other.chosen > 25 && other.chosen < 100, String(other.chosen));
});
