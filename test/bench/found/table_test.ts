import { assertEquals } from "@std/assert";
import { HEAD, line } from "./table.ts";
import { ROWS } from "./bugs.ts";

const PAGE = new URL("../../../corpus/README.md", import.meta.url);
const cellsOf = (row: string) => row.split("|").slice(1, -1).map((cell) => cell.trim());

Deno.test("a row tells what was run, and after how many executions each seed found the bug", () => {
  const row = {
    bug: "b01",
    kernel: "v5.11",
    seed: "b01-uncharge-resurrects-a-memcg",
    preempt: "rt" as const,
    flags: ["--cpus", "1"],
  };
  const others = ["s03", "s09", "s10", "b04", "b15", "b36", "h01", "h02", "h04", "k01", "k02"];
  assertEquals(cellsOf(line(row, others, [1519, null], 1_000_000)).slice(0, 3), [
    "b01-uncharge-resurrects-a-memcg",
    "v5.11",
    "`--preempt rt --cpus 1`",
  ]);
  assertEquals(cellsOf(line(row, others, [1519, null], 1_000_000)).slice(-2), [
    "1,519",
    "not in 1,000,000",
  ]);
  assertEquals(cellsOf(HEAD(2).split("\n")[0]).slice(-2), ["Seed 1", "Seed 2"]);
});

Deno.test("bugs that are not mended are those whose fixes would mend the one that is looked for", () => {
  const row = { bug: "s04", kernel: "v5.14", seed: "s04-put-before-clear-displaced" };
  assertEquals(cellsOf(line(row, ["s09"], [], 1))[3].split(", ").includes("b08"), true);
  assertEquals(cellsOf(line(row, ["s09"], [], 1))[3].split(", ").includes("s09"), false);
});

Deno.test("corpus/README.md has a row for each bug that is looked for", () => {
  const page = Deno.readTextFileSync(PAGE);
  const part = page.slice(page.indexOf("### Found from nothing"), page.indexOf("### Silence"));
  const rows = part.split("\n").filter((l) => /^\| [a-z]\d\d-/.test(l)).map(cellsOf);
  assertEquals(
    rows.map(([seed, kernel]) => `${seed} ${kernel}`),
    ROWS.map(({ seed, kernel }) => `${seed} ${kernel}`),
  );
});
