/**
 * What a second worker brings, and what the exchange costs: `deno task hub:scale [SECONDS [SEEDS
 * [WORKERS]]]`.
 *
 * For each seed, one worker fuzzes for SECONDS with a hub of its own; then WORKERS of them, with one
 * hub, until the hub has as many features. Coverage is the map of the hub, and time counts from the
 * first input that it has, so that neither the start of a process nor a look of a shard counts. Traffic is
 * what Redis counts; executions that are lost are those of other workers' inputs.
 *
 * @module
 */
import { withDir } from "../../with_dir.ts";
import { type Hub, withHub } from "../../hub/redis_server.ts";
import { WorkerProcess } from "../../hub/worker.ts";

const [SECONDS = 60, SEEDS = 5, WORKERS = 2] = Deno.args.map(Number);
const LOOK_MS = 250;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Features that all inputs of the hub cover. */
async function features(hub: Hub): Promise<number> {
  const keys: string[] = await hub.command("HKEYS", `${hub.prefix}keys`);
  let sum = 0;
  for (const key of keys) sum += await hub.command("BITCOUNT", `${hub.prefix}${key}:map`);
  return sum;
}

async function info(hub: Hub, name: string): Promise<number> {
  const text: string = await hub.command("INFO");
  return Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(text)![1]);
}

interface Measured {
  /** Seconds until the goal, or until the end. */
  readonly seconds: number;
  readonly features: number;
  /** Kilobytes a second and worker, both ways. */
  readonly traffic: number;
  /** Percent of the executions that are inputs of others. */
  readonly lost: number;
  readonly execsPerSec: number;
  /** Executions of a worker; on a busy machine, what the time does not tell. */
  readonly execs: number;
  /** Bytes that Redis has more at the end than at the start. */
  readonly memory: number;
}

/** Fuzz with some workers until the time is over, or the goal is reached. */
function measure(workers: number, seed: number, seconds: number, goal: number): Promise<Measured> {
  let result: Measured;
  return withHub([], (hub) =>
    withDir(async (dir) => {
      const before = await info(hub, "used_memory");
      const all = Array.from({ length: workers }, (_, i) =>
        new WorkerProcess([
          ...["--kernel", "v5.9", "--seed", String(100 * seed + i), "--for", "10m"],
          ...["--hub", hub.url, "--sync", dir, "--name", `w${i}`],
        ]));
      while (await features(hub) === 0) await sleep(50);
      const start = performance.now();
      const bytes = async () =>
        await info(hub, "total_net_input_bytes") + await info(hub, "total_net_output_bytes");
      const bytesBefore = await bytes();
      const passed = () => (performance.now() - start) / 1000;
      let covered = 0;
      while (passed() < seconds && covered < goal) {
        await sleep(LOOK_MS);
        covered = await features(hub);
      }
      const time = passed();
      // What this script itself asks for is about 4 KB a look, of INFO, and little else.
      const traffic = (await bytes() - bytesBefore) / 1024 / time / workers;
      const memory = await info(hub, "used_memory") - before;
      await Promise.all(all.map((w) => w.kill("SIGTERM")));
      const sum = (event: string, key: string) =>
        all.flatMap((w) => w.events.filter((e) => e.event === event))
          .reduce((total, e) => total + e[key], 0);
      const execs = sum("done", "execs");
      const lost = 100 * sum("sync", "inputs") / execs;
      const execsPerSec = sum("done", "execs_per_sec");
      result = {
        seconds: time,
        features: covered,
        traffic,
        lost,
        execsPerSec,
        execs: execs / workers,
        memory,
      };
    })).then(() => result);
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
const shown = (m: Measured) =>
  `${m.seconds.toFixed(1)} s, ${m.features} features, ${m.traffic.toFixed(1)} KB/s a worker, ` +
  `${m.lost.toFixed(2)} % lost, ${m.execsPerSec} executions/s, ${m.execs.toFixed(0)} a worker, ${
    (m.memory / 1024).toFixed(0)
  } KB`;

const times: number[] = [];
/** Executions of each of the workers, divided by those of the one. */
const ratios: number[] = [];
const shares: Measured[] = [];
for (let seed = 1; seed <= SEEDS; seed++) {
  const one = await measure(1, seed, SECONDS, Infinity);
  console.log(`seed ${seed}: one worker: ${shown(one)}`);
  const many = await measure(WORKERS, seed, 2 * SECONDS, one.features);
  console.log(`seed ${seed}: ${WORKERS} workers: ${shown(many)}`);
  times.push(many.seconds);
  shares.push(many);
  ratios.push(many.execs / one.execs);
}
console.log(
  `medians: ${WORKERS} workers reach what one has after ${SECONDS} s in ${
    median(times).toFixed(1)
  } s, ` +
    `with ${median(shares.map((m) => m.traffic)).toFixed(1)} KB/s a worker and ` +
    `${median(shares.map((m) => m.lost)).toFixed(2)} % of the executions lost`,
);
