/** Workers of a hub exchange what they find; a real Redis, and workers as processes. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { withDir } from "../with_dir.ts";
import { cli, events } from "../system/harness.ts";
import { withHub } from "./redis_server.ts";
import { contentsOf } from "./contents.ts";
import { processesBelow, WorkerProcess } from "./worker.ts";

const CAMPAIGN = ["--kernel", "v5.9", "--cpus", "2"];

Deno.test("what one worker finds, another one runs; each input and finding is in the hub once", () =>
  withHub([], (hub) =>
    withDir(async (dir) => {
      const place = ["--hub", hub.url, "--sync", dir];
      const first = new WorkerProcess([
        ...CAMPAIGN,
        ...[...place, "--name", "a", "--seed", "1", "--for", "3000x"],
      ]);
      await first.ended();
      assert(first.saved.length > 20, first.err);
      const one = await contentsOf(hub);
      assertEquals(one.all.toSorted(), first.saved.toSorted());

      const second = new WorkerProcess([
        ...CAMPAIGN,
        ...[...place, "--name", "b", "--seed", "2", "--for", "3000x"],
      ]);
      await second.ended();
      const sync = await second.event({ event: "sync" });
      assertEquals(sync.inputs, one.all.length, "all that the first one found was run");
      const two = await contentsOf(hub);
      const told = [...first.saved, ...second.saved];
      assertEquals(two.all.toSorted(), [...new Set(told)].toSorted());
      assertEquals(two.all.length, new Set(two.all).size, "once");
      assert(two.features > one.features);
    })));

Deno.test("only the hub process may use the network, and it may do nothing else", () =>
  withHub([], (hub) =>
    withDir(async (dir) => {
      const place = ["--hub", hub.url, "--sync", dir, "--name", "a"];
      const worker = new WorkerProcess([...CAMPAIGN, ...place, "--for", "60s"]);
      await worker.event({ event: "status" });
      const processes = await processesBelow(worker.pid);
      await worker.kill("SIGTERM");
      const flags = (script: string) =>
        processes.map(({ command }) => command.split(" ")).filter((words) =>
          words.at(-1)!.endsWith(script)
        )
          .map((words) => words.filter((w) => /^(-A$|--allow-)/.test(w)));
      assertEquals(flags("/hub/hub.ts"), [[`--allow-net=127.0.0.1:${hub.server.port}`]]);
      // taskset is replaced by what it starts.
      const [shard, ...others] = flags("/shard/shard.ts");
      assertEquals(others, []);
      assertEquals(shard.map((flag) => flag.split("=")[0]), ["--allow-read", "--allow-write"]);
    })));

Deno.test("while the hub is away a worker keeps what it has to tell, and tells it later, once", () =>
  withHub(["--appendonly", "yes", "--appendfsync", "always"], (hub) =>
    withDir(async (dir) => {
      await hub.server.kill();
      const place = ["--hub", hub.url, "--sync", dir, "--name", "a"];
      const alone = new WorkerProcess([...CAMPAIGN, ...place, "--seed", "1", "--for", "2000x"]);
      const away = await alone.event({ event: "hub", state: "away" });
      assertMatch(away.message, /ECONNREFUSED|refused/);
      await alone.ended();
      assertEquals(alone.saved, []);
      assertMatch(alone.err, /files in .*\/own wait for it; .* --name a tells them/);

      await hub.server.start();
      const later = new WorkerProcess([...CAMPAIGN, ...place, "--seed", "2", "--for", "200x"]);
      await later.ended();
      const waited = Number(/(\d+) files in/.exec(alone.err)![1]);
      const { all } = await contentsOf(hub);
      // What adds no feature to what was told before it is left out.
      assert(all.length >= waited / 2, `${all.length} of ${waited}`);
      assertEquals(all.length, new Set(all).size);
    })));

Deno.test("plan, work, status, export, drain: from a plan to a folder with all that was found", () =>
  withHub([], (hub) =>
    withDir(async (dir) => {
      const plan = `${dir}/plan.txt`;
      Deno.writeTextFileSync(
        plan,
        "objcg-fuzz plan 1\n\nkernel: v5.9, v6.12\npreempt: full, rt\ncpus: 2\nfor: 3s\n",
      );
      const place = ["--hub", hub.url];
      const said = await task("plan", plan, ...place);
      assertEquals(said, "The plan has 4 leases, 0.0 hours of a worker; 4 of them are new\n");
      assertMatch(await task("plan", plan, ...place), /; 0 of them are new\n$/);

      const workers = ["a", "b"].map((name) =>
        new WorkerProcess([...place, "--sync", dir, "--name", name])
      );
      const codes = await Promise.all(workers.map((w) => w.ended()));
      for (const code of codes) assert([0, 77].includes(code!), workers.map((w) => w.err).join());
      const leases = workers.flatMap((w) => w.events.filter((e) => e.event === "lease"));
      assertEquals(
        leases.map(({ id }) => id).toSorted(),
        ["v5.9", "v6.12"].flatMap((k) => ["full", "rt"].map((p) => `objcg/${k}/${p}/2cpus/1`)),
      );

      const status = await task("status", ...place);
      assertMatch(status, /^Leases: 0 open, 0 taken, 4 done$/m);
      assertMatch(status, /^ {2}a +alive +\d+ +\d+ +\d+ +0 +-$/m);
      const [state] = events({ out: await task("status", "--json", ...place) });
      assertEquals(state.keys.length, 4);

      const out = `${dir}/out`;
      const [exported] = events({ out: await task("export", out, "--json", ...place) });
      const { all, findings } = await contentsOf(hub);
      assertEquals([exported.inputs + exported.findings, exported.findings], [
        all.length,
        findings.length,
      ]);
      for (const name of all) {
        const [key, file] = name.split(" ");
        const path = file.endsWith(".txt") ? `crashes/${file}` : `queue/${file}.txt`;
        assert(Deno.statSync(`${out}/${key}/${path}`).isFile);
      }
      assertEquals(
        Deno.readTextFileSync(`${out}/report.txt`).split("\n")[1],
        status.split("\n")[1],
      );

      await task("drain", ...place);
      const late = new WorkerProcess([...place, "--sync", dir, "--name", "c"]);
      assertEquals(await late.ended(), 0);
      assertMatch(late.err, /The hub is drained/);
    })));

/** What a verb of the hub prints. */
async function task(verb: string, ...args: string[]): Promise<string> {
  const ran = await cli("hub", verb, ...args);
  assertEquals([ran.code, ran.err], [0, ""]);
  return ran.out;
}
