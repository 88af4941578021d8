import { assertEquals } from "@std/assert";
import { KNOWN, ran } from "../harness.ts";
import { parseFlags } from "../../../src/cli/flags/parse_flags.ts";
import { suiteArguments } from "../../../src/cli/verbs/suite.ts";

function asked(...args: string[]): string[] {
  return suiteArguments(parseFlags("bench", args, KNOWN));
}

Deno.test("bench --suite is a task, with the flags that were given", () => {
  assertEquals(asked("--suite", "sctbench"), ["sctbench"]);
  assertEquals(
    asked("--suite=sctbench", "--trials", "3", "--strategy", "pct", "--json", "WSQ", "stack"),
    ["sctbench", "--trials", "3", "--strategy", "pct", "--json", "WSQ", "stack"],
  );
});

Deno.test("bench refuses flags that do not go together, and an unknown suite", async () => {
  const message = async (...args: string[]) => {
    const { code, err } = await ran(["bench", ...args], "bench");
    return [code, err];
  };
  assertEquals(await message("--suite", "sctbench", "--cpus", "2"), [
    1,
    "error: Cannot use --cpus with --suite\n",
  ]);
  assertEquals(await message("--trials", "2"), [1, "error: Cannot use --trials without --suite\n"]);
  assertEquals(await message("--strategy", "pct"), [
    1,
    "error: Cannot use --strategy without --suite\n",
  ]);
  assertEquals((await message("--suite", "sctbensh"))[0], 1);
  assertEquals(await message("--suite", "sctbench", "--trials", "0").then(([code]) => code), 1);
});
