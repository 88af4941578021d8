/** The command line with a fake shard: the first argument is the part it plays. */
import { processStreams } from "../../src/cli/parent/output.ts";
import { runCommand } from "../../src/cli/command.ts";

const [part, ...args] = Deno.args;
const script = new URL(`./fake_shard.ts?part=${part}`, import.meta.url);
Deno.exit(await runCommand(args, processStreams(), { script }));
