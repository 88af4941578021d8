/**
 * `test`: the project's tests, with the permissions that the task of that name has.
 *
 * @module
 */
import type { Context } from "../parent/context.ts";
import type { Request } from "../flags/parse_flags.ts";

/** Run the verb. */
export async function runTests({ rest }: Request, _: Context): Promise<number> {
  // The permissions are written once, in deno.json.
  const { code } = await new Deno.Command("deno", {
    args: ["task", "test", ...rest],
    cwd: new URL("../../../", import.meta.url),
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return code;
}
