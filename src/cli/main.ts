/**
 * The entry of the command line. The tasks in `deno.json` name its permissions.
 *
 * @module
 */
import { processStreams } from "./parent/output.ts";
import { run } from "./run.ts";

if (import.meta.main) Deno.exit(await run(Deno.args, processStreams()));
