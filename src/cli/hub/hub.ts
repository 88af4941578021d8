/**
 * The hub process: talks to Redis for a worker. It may use the network, to one address, and nothing
 * else: no files, no other processes.
 *
 * @module
 */
import type { HubAnswer, HubRequest, HubSetup } from "./messages.ts";
import { hubError, Redis } from "./redis.ts";
import { doRequest } from "./requests.ts";

const encoder = new TextEncoder();

function say(answer: HubAnswer): void {
  const bytes = encoder.encode(JSON.stringify(answer) + "\n");
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

async function answer(redis: Redis, request: HubRequest): Promise<HubAnswer> {
  try {
    return { ok: true, result: await doRequest(redis, request) };
  } catch (e) {
    const { trouble, message } = hubError(e);
    return { ok: false, trouble, message };
  }
}

/** Answer the lines of standard input; at its end the worker is gone. */
async function main(): Promise<void> {
  // Ctrl-C reaches the whole process group. The worker has things to tell yet, and ends this process.
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => {});
  let redis: Redis | null = null;
  let rest = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const value = JSON.parse(line);
      if (redis === null) redis = new Redis(value as HubSetup);
      else say(await answer(redis, value as HubRequest));
    }
  }
  redis?.drop();
  Deno.exit(0);
}

if (import.meta.main) await main();
