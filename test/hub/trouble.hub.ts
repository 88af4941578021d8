/** What goes wrong with a hub: a clear message each, and the worker goes on. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { withDir } from "../with_dir.ts";
import { cli } from "../system/harness.ts";
import { type Hub, withHub } from "./redis_server.ts";
import { contentsOf } from "./contents.ts";
import { kill, WorkerProcess } from "./worker.ts";

const CAMPAIGN = ["--kernel", "v5.9", "--cpus", "2", "--seed", "1"];

/** A worker with a campaign that it can do without the hub. */
function worker(hub: Hub, dir: string, name: string, ...more: string[]): WorkerProcess {
  return new WorkerProcess([...CAMPAIGN, "--hub", hub.url, "--sync", dir, "--name", name, ...more]);
}

/** It told the state of the hub in words, and did its work. */
async function assertGoesOn(w: WorkerProcess, state: string, message: RegExp): Promise<void> {
  const hub = await w.event({ event: "hub", state });
  assertMatch(hub.message, message);
  assert([0, 77].includes((await w.ended())!), w.err);
  assertMatch(w.err, new RegExp(`Hub redis://.*: ${message.source}.*The campaign goes on`));
  assert(w.events.at(-1)!.execs >= 300);
}

Deno.test("a wrong password", () =>
  withHub(
    ["--requirepass", "right"],
    (hub) =>
      withDir(async (dir) => {
        const login = (name: string, password: string) => {
          const path = `${dir}/${name}.login`;
          Deno.writeTextFileSync(path, `password: ${password}\n`, { mode: 0o600 });
          return ["--hub-login", path];
        };
        const refused = worker(hub, dir, "a", "--for", "300x", ...login("a", "wrong"));
        await assertGoesOn(refused, "refused", /Redis does not accept user and password/);
        const status = await cli("hub", "status", "--hub", hub.url);
        assertEquals(status.code, 1);
        assertMatch(status.err, /^error: Cannot use redis:.*: Redis does not accept user/);

        const welcome = worker(hub, dir, "a", "--for", "300x", ...login("b", "right"));
        await welcome.ended();
        assert((await contentsOf(hub)).all.length > 5, welcome.err);
        const words = [refused, welcome].map((w) => w.err + JSON.stringify(w.events)).join();
        assert(!/right|wrong/.test(words.replaceAll(`${dir}/`, "")));
      }),
    { tls: false, password: "right" },
  ));

Deno.test("a hub of another version", () =>
  withHub([], (hub) =>
    withDir(async (dir) => {
      await hub.command("SET", `${hub.prefix}version`, "0.0.9-abc");
      const w = worker(hub, dir, "a", "--for", "300x");
      await assertGoesOn(
        w,
        "refused",
        /hub "t" is for version 0\.0\.9-abc and this is \d+\.\d+\.\d+-[0-9a-f]{12}: check out/,
      );
      const idle = new WorkerProcess(["--hub", hub.url, "--sync", dir]);
      assertEquals(
        await idle.ended(),
        1,
        "a worker without work of its own has nothing to go on with",
      );
      assertMatch(idle.err, /^error: Cannot join redis:.*: hub "t" is for version 0\.0\.9-abc/m);
      assertEquals((await contentsOf(hub)).all, []);
    })));

Deno.test("a Redis without memory, and then with it", () =>
  withHub(["--maxmemory-policy", "noeviction"], (hub) =>
    withDir(async (dir) => {
      await hub.command("CONFIG", "SET", "maxmemory", "1");
      const w = worker(hub, dir, "a", "--for", "60s");
      const full = await w.event({ event: "hub", state: "full" });
      assertMatch(full.message, /^Redis is full: raise its maxmemory/);
      await w.event({ event: "status" });
      assertEquals(w.saved, []);
      await hub.command("CONFIG", "SET", "maxmemory", "0");
      await w.event({ event: "hub", state: "joined" });
      await w.event({ event: "told" });
      await w.kill("SIGTERM");
      assertEquals((await contentsOf(hub)).all.toSorted(), w.saved.toSorted());
    })));

Deno.test("records that no worker has written", () =>
  withHub([], (hub) =>
    withDir(async (dir) => {
      const first = worker(hub, dir, "a", "--for", "300x");
      await first.ended();
      const before = (await contentsOf(hub)).all;
      const [key] = await hub.command("HKEYS", `${hub.prefix}keys`);
      const [[_, fields]] = await hub.command("XRANGE", `${hub.prefix}${key}:entries`, "-", "+");
      const add = (stream: string, words: string[]) =>
        hub.command("XADD", `${hub.prefix}${key}:${stream}`, "*", ...words);
      await add("entries", ["x", "y"]);
      await add("entries", fields.with(7, "AAAA"));
      await add("entries", fields.with(1, "0".repeat(16)));
      await add("findings", ["w", "evil", "n", "../../evil-01234567.txt", "d", "AAAA"]);

      const second = worker(hub, dir, "b", "--for", "300x");
      await second.event({ event: "unreadable" });
      assert([0, 77].includes((await second.ended())!), second.err);
      const reasons = second.events.filter((e) => e.event === "unreadable").map((e) => e.reason);
      assertEquals(reasons, [
        "its fields are x, not h, w, f, t",
        "its text cannot be decompressed",
        "its hash is not that of its text",
        "its file has no name of a finding",
      ]);
      const sync = await second.event({ event: "sync" });
      assertEquals(sync.inputs, before.length, "the others are taken");

      const out = await cli("hub", "export", `${dir}/out`, "--hub", hub.url);
      assertEquals(out.code, 0);
      assertEquals(out.err.split("\n").filter((line) => /left out$/.test(line)).length, 4);
    })));

Deno.test("a process that talks to Redis and is killed is replaced", () =>
  withHub([], (hub) =>
    withDir(async (dir) => {
      const w = worker(hub, dir, "a", "--for", "60s");
      await w.event({ event: "told" });
      const killed = await w.hubPids();
      await kill(killed);
      const next = async () => (await w.hubPids()).filter((pid) => !killed.includes(pid));
      while ((await next()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      await w.kill("SIGTERM");
      assertEquals((await contentsOf(hub)).all.toSorted(), w.saved.toSorted());
    })));
