/**
 * `bench --suite`: programs with known bugs, and how many executions it takes to find them.
 *
 * The programs are no part of the tool, so a suite is a task of its own, which has their name.
 *
 * @module
 */
import type { FlagName } from "../flags/flags.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";

/** The flags that go with a suite. */
const FLAGS: readonly FlagName[] = ["suite", "trials", "strategy", "json"];

/** The arguments of the task. */
export function suiteArguments({ given, rest, values }: Request): string[] {
  for (const name of given) {
    if (!FLAGS.includes(name)) throw new UsageError(`Cannot use --${name} with --suite`);
  }
  return [
    values.suite!,
    ...values.trials === undefined ? [] : ["--trials", String(values.trials)],
    ...given.has("strategy") ? ["--strategy", values.strategy!] : [],
    ...values.json ? ["--json"] : [],
    ...rest,
  ];
}

/** Run the programs that the arguments name, or all. */
export async function runSuite(request: Request): Promise<number> {
  const { code } = await new Deno.Command("deno", {
    args: ["task", "--quiet", ...suiteArguments(request)],
    cwd: new URL("../../../", import.meta.url),
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return code;
}
