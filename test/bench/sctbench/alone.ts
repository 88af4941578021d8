/**
 * Trials in a process of their own: the entry of that process, and how to start it.
 *
 * @module
 */
import { type Asked, runTrials, type Trial } from "./trials.ts";

/** Run trials in another process. */
export async function trialsApart(asked: Asked): Promise<Trial[]> {
  const args = ["run", "--no-prompt", "--allow-read", import.meta.filename!];
  const { code, stderr, stdout } = await new Deno.Command("deno", {
    args: [...args, JSON.stringify(asked)],
  }).output();
  if (code !== 0) throw new Error(`${asked.module}: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (import.meta.main) console.log(JSON.stringify(await runTrials(JSON.parse(Deno.args[0]))));
