import { assert, assertEquals } from "@std/assert";
import { Archive } from "../../../src/engine/campaign/archive.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { PROGRAM_WORDS, programEnd } from "../../../src/prog/layout.ts";

function program(n: number): Int32Array {
  const w = new Int32Array(PROGRAM_WORDS).fill(n);
  return w.subarray(0, programEnd(w));
}

Deno.test("an empty archive has no program", () => {
  const archive = new Archive([]);
  assertEquals([archive.size, archive.choose(new Rng(1))], [0, null]);
});

Deno.test("the archive keeps copies", () => {
  const archive = new Archive([0]);
  const w = program(1);
  archive.add(w, 0);
  w.fill(2);
  assertEquals([archive.size, archive.choose(new Rng(1))], [1, program(1)]);
});

Deno.test("rare states are chosen until they are as frequent as others, also one that comes late", () => {
  const counts = [0, 10, 500, 0];
  const archive = new Archive(counts);
  const rng = new Rng(2);
  const choose = (times: number) => {
    for (let i = 0; i < times; i++) counts[archive.choose(rng)![0]]++;
  };
  archive.add(program(1), 1);
  archive.add(program(2), 2);
  choose(400);
  assert(counts[1] > 350 && counts[2] < 550, String(counts));
  archive.add(program(3), 3);
  choose(300);
  assert(counts[3] > 200, String(counts));
  choose(3000);
  const [_, ...ends] = counts;
  assert(Math.max(...ends) < 1.2 * Math.min(...ends), String(counts));
});
