/**
 * The load of a hub with many workers, simulated: `deno task hub:load [WORKERS [ROUNDS]]`.
 *
 * In a round every worker beats once. A round stands for the time between two beats: as many milliseconds
 * as there are workers, at least a second and at most three. In it {@linkcode NEW} inputs a second are
 * told that add features, by all workers together: coverage is the same for a thousand workers, and so is
 * its growth. Every worker reads all of them. {@linkcode DUPLICATES} inputs of each worker a minute add
 * nothing, because another one told the like a moment before.
 *
 * Redis gets this as fast as it answers. What a second of the hub costs follows from the CPU time and the
 * bytes of a round, so other programs on the machine do not count. The workers share {@linkcode CONNECTIONS}
 * connections; the memory of a connection comes on top.
 *
 * @module
 */
import { contentHash } from "../../../src/prog/hash.ts";
import { Redis, type Reply } from "../../../src/cli/hub/redis.ts";
import { doRequest } from "../../../src/cli/hub/requests.ts";
import { type Hub, withHub } from "../../hub/redis_server.ts";

const [WORKERS = 1000, ROUNDS = 10] = Deno.args.map(Number);
const CONNECTIONS = 20;
const DUPLICATES = 1;
const NEW = 2;

const STATS = { execs: 123_456_789, execs_per_sec: 20_000, features: 4000, causes: 7, spool: 0 };
const TEXT = Deno.readTextFileSync(
  new URL("../../../corpus/objcg/seeds/s03-flush-required-null.txt", import.meta.url),
);

const beatMs = Math.min(3000, Math.max(1000, WORKERS));

async function info(hub: Hub): Promise<(name: string) => number> {
  const text: string = await hub.command("INFO");
  return (name) => Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(text)![1]);
}

let told = 0;

/** Tell an input with a feature. */
async function tell(redis: Redis, worker: string, feature: number): Promise<void> {
  const text = `${TEXT}# ${told++}\n`;
  const entry = { hash: contentHash(text), features: [feature], text };
  await doRequest(redis, { do: "tell", worker, key: "k", entries: [entry] });
}

/** Where each worker is in the streams. */
const places = Array.from({ length: WORKERS }, () => ["0-0", "0-0"]);

/** One beat. What it brings is not parsed: that is the time of the worker. */
async function beat(redis: Redis, i: number, round: number): Promise<void> {
  const worker = `w${i}`;
  const words = [worker, "k", JSON.stringify(STATS), "", 0, ...places[i], worker, 200];
  const news: Reply = await redis.script("beat", words);
  places[i] = [news[3][0], news[4][0]];
  const every = Math.round(60_000 / DUPLICATES / beatMs);
  if ((round + i) % every === 0) await tell(redis, worker, 0);
}

await withHub([], async (hub) => {
  const setup = { host: "127.0.0.1", port: hub.server.port, name: "t", login: { tls: false } };
  const pool = Array.from({ length: CONNECTIONS }, () => new Redis({ ...setup, version: "v" }));
  await doRequest(pool[0], { do: "open", key: "k", about: "load" });
  await tell(pool[0], "finder", 0);
  for (const redis of pool) await redis.command("PING");
  const everybody = (round: number) =>
    Promise.all(pool.map(async (redis, c) => {
      for (let i = c; i < WORKERS; i += CONNECTIONS) await beat(redis, i, round);
    }));
  await everybody(1);
  const before = await info(hub);
  for (let round = 2; round < ROUNDS + 2; round++) {
    for (let n = 0; n < NEW * beatMs / 1000; n++) await tell(pool[0], "finder", told);
    await everybody(round);
  }
  const after = await info(hub);
  const seconds = ROUNDS * beatMs / 1000;
  const grown = (name: string) => after(name) - before(name);
  const cpu = grown("used_cpu_user") + grown("used_cpu_sys");
  const bytes = grown("total_net_input_bytes") + grown("total_net_output_bytes");
  const shown = [
    `${WORKERS} workers, a beat every ${beatMs} ms`,
    `${(grown("total_commands_processed") / seconds).toFixed(0)} commands/s`,
    `Redis uses ${(100 * cpu / seconds).toFixed(0)} % of a core`,
    `${(1e6 * cpu / ROUNDS / WORKERS).toFixed(0)} µs a beat`,
    `${(bytes / 1024 / seconds / WORKERS).toFixed(2)} KB/s a worker`,
    `${(bytes / 2 ** 20 / seconds).toFixed(2)} MB/s in all`,
    `${(after("used_memory") / 2 ** 20).toFixed(1)} MB of memory`,
  ];
  console.log(shown.join(", "));
  for (const redis of pool) redis.drop();
});
