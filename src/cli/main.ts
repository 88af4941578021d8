/**
 * Entry of the command line; the tasks of `deno.json` name its permissions.
 *
 * @module
 */
import { processStreams } from "./output.ts";
import { run } from "./run.ts";

if (import.meta.main) {
  // When nobody reads any more (`| head`), finish as after an interruption.
  const streams = processStreams(() => Deno.kill(Deno.pid, "SIGTERM"));
  Deno.exit(await run(Deno.args, streams));
}
