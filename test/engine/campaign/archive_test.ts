import { assert, assertEquals } from "@std/assert";
import { Archive } from "../../../src/engine/campaign/archive.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { PROGRAM_WORDS } from "../../../src/prog/layout.ts";

function program(n: number): Int32Array {
  return new Int32Array(PROGRAM_WORDS).fill(n);
}

Deno.test("an empty archive has no program", () => {
  const archive = new Archive();
  assertEquals([archive.size, archive.choose(new Rng(1))], [0, null]);
});

Deno.test("the archive keeps copies", () => {
  const archive = new Archive();
  const w = program(1);
  archive.add(w);
  w.fill(2);
  assertEquals([archive.size, archive.choose(new Rng(1))], [1, program(1)]);
});

Deno.test("all states are chosen about as often, also one that comes late", () => {
  const archive = new Archive();
  const rng = new Rng(2);
  const chosen = new Map<number, number>();
  const choose = (times: number) => {
    for (let i = 0; i < times; i++) {
      const n = archive.choose(rng)![0];
      chosen.set(n, (chosen.get(n) ?? 0) + 1);
    }
  };
  for (let n = 1; n <= 9; n++) archive.add(program(n));
  choose(900);
  archive.add(program(10));
  choose(400);
  assertEquals(chosen.size, 10);
  for (const n of chosen.values()) assert(n > 110 && n < 150, String([...chosen]));
});
