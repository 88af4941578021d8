/**
 * Workers, and the Redis itself, are killed at random moments: what a worker reported as saved is in
 * the hub in the end, once, and the leases of the dead are taken up.
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { withDir } from "../with_dir.ts";
import { Rng } from "../../src/engine/programs/rng.ts";
import type { Reply } from "../../src/cli/hub/redis.ts";
import { DURABLE, type Hub, withHub } from "./redis_server.ts";
import { contentsOf } from "./contents.ts";
import { WorkerProcess } from "./worker.ts";
import { cli } from "../system/harness.ts";

const SEED = BigInt(Deno.env.get("FUZZ_TEST_SEED") ?? 14);
const KILLS = 50;
const WORKERS = 4;
/** One in this many kills hits the Redis. */
const REDIS = 4;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A plan that is never done while the test runs. */
async function plan(hub: Hub, dir: string, seconds: number): Promise<void> {
  const path = `${dir}/plan.txt`;
  Deno.writeTextFileSync(
    path,
    `objcg-fuzz plan 1\n\nkernel: v5.9\ncpus: 2\nseed: 1-4\nfor: ${seconds}s\n`,
  );
  const ran = await cli("hub", "plan", path, "--hub", hub.url);
  assertEquals([ran.code, ran.err], [0, ""]);
}

function worker(hub: Hub, dir: string, name: string): WorkerProcess {
  return new WorkerProcess(["--hub", hub.url, "--sync", dir, "--name", name]);
}

Deno.test(`${KILLS} kills of workers and of Redis lose nothing that was reported as saved`, () =>
  withHub(DURABLE, (hub) =>
    withDir(async (dir) => {
      const rng = new Rng(SEED);
      await plan(hub, dir, 3600);
      const start = (i: number) => worker(hub, dir, `node${i}`);
      const living = Array.from({ length: WORKERS }, (_, i) => start(i));
      const dead: WorkerProcess[] = [];
      for (let kills = 0; kills < KILLS; kills++) {
        await sleep(rng.below(2500));
        if (rng.below(REDIS) === 0) {
          await hub.server.kill();
          await sleep(rng.below(1000));
          await hub.server.start();
        } else {
          const i = rng.below(WORKERS);
          dead.push(living[i]);
          await living[i].kill();
          living[i] = start(i);
        }
      }
      await Promise.all(living.map((w) => w.event({ event: "told" })));
      await Promise.all(living.map((w) => w.kill("SIGTERM")));
      const told = [...dead, ...living].flatMap((w) => w.saved);
      const { all } = await contentsOf(hub);
      assert(told.length > 50, `seed ${SEED}: ${told.length} told`);
      assertEquals(told.filter((name) => !all.includes(name)), [], `seed ${SEED}: lost`);
      assertEquals(all.length, new Set(all).size, `seed ${SEED}: twice`);
      const faults = [...dead, ...living].flatMap((w) =>
        w.events.filter(({ event }) => event === "unreadable")
      );
      assertEquals(faults, []);
    })));

Deno.test("the lease of a worker that died is taken up within 10 s, with the time that is left", () =>
  withHub([], (hub) =>
    withDir(async (dir) => {
      await plan(hub, dir, 300);
      const workers = ["a", "b", "c", "d"].map((name) => worker(hub, dir, name));
      const leases = await Promise.all(workers.map((w) => w.event({ event: "lease" })));
      assertEquals(new Set(leases.map(({ id }) => id)).size, 4);
      await Promise.all(workers.map((w) => w.event({ event: "told" })));
      const waiting = worker(hub, dir, "e");
      while (!waiting.err.includes("Waiting for a lease")) await sleep(50);
      await workers[2].kill();
      const died = await redisTime(hub);
      const lease = await waiting.event({ event: "lease" });
      const taken = await redisTime(hub) - died;
      assertLess(taken, 10_000);
      assertEquals(lease.id, leases[2].id);
      assert(lease.spent > 0 && lease.spent < lease.ms);
      await Promise.all([...workers.toSpliced(2, 1), waiting].map((w) => w.kill("SIGTERM")));
    })));

async function redisTime(hub: Hub): Promise<number> {
  const [seconds, micros]: Reply = await hub.command("TIME");
  return Number(seconds) * 1000 + Number(micros) / 1000;
}
