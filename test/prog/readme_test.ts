/** src/prog/README.md: its example, its tables, and the files that it lists. */
import { assert, assertEquals } from "@std/assert";
import { HEADER_KEYS } from "../../src/prog/_header.ts";
import { EVENT_ACTIONS } from "../../src/prog/layout.ts";
import { parseProgram } from "../../src/prog/parse.ts";
import { printProgram } from "../../src/prog/print.ts";
import { CONTEXTS, KERNEL_LIMITS, LIMITS } from "../../src/prog/types.ts";
import { block, read, root } from "../documentation.ts";
import { SPEC, TARGETS } from "./spec.ts";

const PAGE = "src/prog/README.md";

/** The first cells of the rows of a section's tables, without the heading. */
function rows(section: string): string[][] {
  const [, rest] = read(PAGE).split(`\n## ${section}\n`);
  const lines = rest.split("\n## ")[0].split("\n").filter((line) => line.startsWith("|"));
  const cells = lines.map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  return cells.filter((_, i) => !lines[i].startsWith("| -") && !lines[i + 1]?.startsWith("| -"));
}

/** The code in a cell. */
const code = (cell: string) => /^`(.*)`$/.exec(cell)?.[1] ?? cell;

Deno.test("src/prog/README.md's example parses and is canonical", () => {
  const text = block(PAGE, "objcg-fuzz 1\n");
  const { program, errors, warnings } = parseProgram(text, PAGE, TARGETS);
  assertEquals([...errors, ...warnings].map(String), []);
  assertEquals(printProgram(program!), text);
});

Deno.test("src/prog/README.md lists the headers in canonical order", () => {
  const keys = rows("Headers").map(([key]) => code(key).replace(/[ :].*$/, ""));
  assertEquals(keys, [...HEADER_KEYS]);
});

Deno.test("src/prog/README.md's operations parse", () => {
  const lines = rows("Operations").map(([line]) => code(line));
  const [boot, ...others] = lines;
  const before = `${boot}\nboot  o = obj_cgroup_get_current(cpu0)\nboot  x = kmalloc(1)\n`;
  for (const line of others) {
    const text = `objcg-fuzz 1\ntitle: t\ncpus: 2\n${before}${line}\n`;
    assertEquals(parseProgram(text, PAGE, [SPEC]).errors.map(String), []);
  }
  const page = read(PAGE);
  for (const context of CONTEXTS.slice(1)) assert(page.includes(context), context);
});

Deno.test("src/prog/README.md's steps and events parse, and no action is missing", () => {
  const lines = rows("Schedules").map(([line]) => code(line));
  const steps = lines.filter((line) => line.startsWith("cpu"));
  const events = lines.filter((line) => !line.startsWith("cpu"));
  const head = "objcg-fuzz 1\ntitle: t\ncpus: 2\n\nschedule:";
  for (
    const text of [`${head}\n${steps.join("\n")}\n`, `${head} numeric\n${events.join("\n")}\n`]
  ) {
    assertEquals(parseProgram(text, PAGE, TARGETS).errors.map(String), []);
  }
  assertEquals(events.slice(1).map((line) => line.split(" ")[1]), [...EVENT_ACTIONS]);
});

Deno.test("src/prog/README.md has the limits", () => {
  [KERNEL_LIMITS, LIMITS].forEach(({ cpus, ops, slots, steps, events }, column) => {
    const limits = rows("Limits").map((row) => Number(row[1 + column].replace(",", "")));
    assertEquals(limits, [cpus, ops, slots, LIMITS.args, steps, events]);
  });
});

Deno.test("src/prog/README.md and src/report/README.md name every file beside them", () => {
  for (const folder of ["src/prog", "src/report", "fuzz"]) {
    const page = read(`${folder}/README.md`);
    for (const { name } of Deno.readDirSync(new URL(folder, root))) {
      if (name.endsWith(".ts")) assert(page.includes(`](${name})`), `${folder}: ${name}`);
    }
  }
});
