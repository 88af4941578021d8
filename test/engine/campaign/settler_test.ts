import { assertEquals } from "@std/assert";
import { Archive } from "../../../src/engine/campaign/archive.ts";
import { Settler } from "../../../src/engine/campaign/settler.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { P_NOPS, PROGRAM_WORDS } from "../../../src/prog/layout.ts";
import { packed, printed, WORDS } from "../programs/mutated.ts";

const STATE = 7;

/** A settler of programs that come to a state if they have some operations, in turn. */
function settling(needed: readonly string[], max = 100) {
  const archive = new Archive(new Uint32Array(16));
  const program = new Int32Array(PROGRAM_WORDS);
  const tried: string[][] = [];
  const settler = new Settler(archive, 16, WORDS, new Rng(3), {
    program,
    comesTo(state) {
      const ops = printed(program);
      tried.push(ops);
      let next = 0;
      for (const op of ops) if (op.startsWith(needed[next])) next++;
      return state === STATE && next === needed.length;
    },
    isOver: () => tried.length >= max,
  });
  return { archive, settler, tried };
}

const BODY = "boot m1 = mkdir(root)\n" +
  "boot m2 = mkdir(root)\n" +
  "boot x1 = kmalloc(64)\n" +
  "cpu1 attach(cpu1, m2)\n" +
  "cpu0 kfree(x1)\n" +
  "cpu1 c1 = css_hold(m2)";

Deno.test("the archive gets boot operations that come to the state, and no others", () => {
  const { archive, settler, tried } = settling(["boot m1 = mkdir", "boot attach(cpu0, m"]);
  settler.note(packed(BODY), STATE, 1);
  assertEquals(tried.length, 0, "not at once: the executor holds an input");
  settler.settle();
  assertEquals(tried[0].map((op) => op.split(" ")[0]), Array(6).fill("boot"));
  assertEquals(archive.size, 1);
  assertEquals(printed(archive.choose(new Rng(1))!), [
    "boot m1 = mkdir(root)",
    "boot attach(cpu0, m1)",
  ]);
  const n = tried.length;
  settler.note(packed(BODY), STATE, 1);
  settler.settle();
  assertEquals([archive.size, tried.length], [1, n], "it is known how to come to the state");
});

Deno.test("of inputs that wait for one state, the first that comes to it is enough", () => {
  const { archive, settler, tried } = settling(["boot x"]);
  settler.note(packed("cpu0 x1 = kmalloc(64)"), STATE, 0);
  settler.note(packed("cpu0 x1 = kmalloc(92)"), STATE, 0);
  settler.settle();
  assertEquals(archive.size, 1);
  assertEquals(tried, [["boot x1 = kmalloc(64)"], []]);
});

Deno.test("a state that needs a race is given up after three inputs", () => {
  const { archive, settler, tried } = settling(["cpu1 attach"]);
  for (let i = 0; i < 5; i++) {
    settler.note(packed(BODY), STATE, 1);
    settler.settle();
  }
  assertEquals([archive.size, tried.length], [0, 3]);
});

Deno.test("an execution without a state is not tried", () => {
  const { settler, tried } = settling([]);
  settler.note(packed(BODY), 0, 0);
  settler.settle();
  assertEquals(tried, []);
});

Deno.test("the settler ends with the campaign, and keeps what it has", () => {
  const { archive, settler, tried } = settling(["boot m1 = mkdir"], 3);
  settler.note(packed(BODY), STATE, 0);
  settler.settle();
  assertEquals([archive.size, tried.length], [1, 3]);
  assertEquals(archive.choose(new Rng(1))![P_NOPS], 4, "two operations could be left out");
});
