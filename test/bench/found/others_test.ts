import { assert, assertEquals } from "@std/assert";
import { fixedBugs } from "../../../src/kernel/series/fixes.ts";
import { ROWS } from "./bugs.ts";
import { isThere, othersOf, programOf, titlesOf } from "./others.ts";

const RESURRECTED = ROWS.find(({ bug }) => bug === "b01")!;

Deno.test("each row names a seed and a kernel that has the bug", () => {
  for (const { bug, kernel, seed } of ROWS) {
    const text = Deno.readTextFileSync(
      new URL(`../../../corpus/objcg/seeds/${seed}.txt`, import.meta.url),
    );
    assert(seed.startsWith(`${bug}-`), seed);
    assert(text.includes("\nschedule:"), seed);
    assert(kernel.includes("+") || kernel.includes("-") || fixedBugs(kernel).includes(bug), kernel);
  }
});

Deno.test("programOf() leaves out what is expected, and the schedule", () => {
  const text = "objcg-fuzz 1\ntitle: t\nexpect posted: none\ncpus: 2\n\ncpu0 a()\n\nschedule:\nx\n";
  assertEquals(programOf(text), "objcg-fuzz 1\ntitle: t\ncpus: 2\n\ncpu0 a()\n\n");
});

Deno.test("a fix that mends the bug, too, is not put in place; one that changes its schedule is", async () => {
  const titles = await titlesOf(RESURRECTED);
  assertEquals(titles, ["refcount: 0 -> 1 in refill_stock"]);
  const [title] = titles;
  const others = await othersOf(RESURRECTED, title);
  assertEquals(["b07", "b08", "s04"].filter((bug) => others.includes(bug)), []);
  assertEquals(["s03", "s09", "s10", "b36"].filter((bug) => !others.includes(bug)), []);
  assertEquals(await isThere(RESURRECTED, title, others), true);
  assertEquals(await isThere(RESURRECTED, title, ["s04"]), false);
});
