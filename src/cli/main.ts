/**
 * The entry of the command line. The tasks in `deno.json` name its permissions.
 *
 * @module
 */
import { processStreams } from "./parent/output.ts";
import { runCommand } from "./command.ts";

if (import.meta.main) Deno.exit(await runCommand(Deno.args, processStreams()));
