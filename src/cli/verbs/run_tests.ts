/**
 * `test`: runs the project's tests.
 *
 * @module
 */
import type { Context } from "../parent/context.ts";
import type { Request } from "../flags/parse_flags.ts";

/** Run the verb. */
export async function runTests({ rest }: Request, _: Context): Promise<number> {
  // The task in deno.json is the only place that names the permissions.
  const { code } = await new Deno.Command("deno", {
    args: ["task", "test", ...rest],
    cwd: new URL("../../../", import.meta.url),
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return code;
}
