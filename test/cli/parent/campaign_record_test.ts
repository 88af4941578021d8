import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import {
  campaignPath,
  keptCampaigns,
  writeCampaign,
} from "../../../src/cli/parent/campaign_file.ts";
import { CampaignRecord } from "../../../src/cli/parent/campaign_record.ts";
import type { CrashEvent, FuzzJob, PulseEvent } from "../../../src/cli/protocol/jobs.ts";
import { UsageError } from "../../../src/cli/flags/usage.ts";
import { withDir } from "../harness.ts";

const JOB = {
  target: "objcg",
  kernel: "posted",
  seed: "7",
  cpus: 3,
  preempt: "full",
  strategy: "directed",
  machine: "scout",
  shards: 2,
  maxExecs: 100,
} as FuzzJob;

const pulse = (execs: number, features = execs): PulseEvent => ({
  event: "pulse",
  execs,
  execs_per_sec: 50,
  points: 10 * execs,
  switches: 2 * execs,
  features,
  queue: 3,
  crashes: 0,
  phase: "fuzz",
  rss_mb: 90.4,
  strategies: { directed: execs / 2, pos: 1 },
});

const CRASH: CrashEvent = {
  event: "crash",
  title: "WARNING in f",
  file: "c/x.txt",
  report: "c/x.report",
  page: "c/x.html",
  brief: [],
  places: [],
  execs_to_find: 12,
  ops: 2,
  switches: 1,
  cpus: 2,
  command: "deno task replay c/x.txt",
  cause: "a law",
  known: null,
};

/** A record of two shards; the clock advances by a second at each look. */
function recorded(job = JOB): CampaignRecord {
  let now = 0;
  const record = new CampaignRecord(job, { seed: 7 }, () => now += 1000);
  record.event(pulse(10), 0);
  record.event(pulse(20, 15), 1);
  assertEquals(record.event(CRASH, 1), true);
  assertEquals(record.event(CRASH, 0), false, "what two shards find is one finding");
  return record;
}

Deno.test("CampaignRecord adds up shards, and keeps findings and samples", () => {
  const { data } = recorded();
  assertEquals([data.execs, data.execsPerSec, data.features, data.points], [30, 100, 15, 300]);
  assertEquals(
    data.findings.map(({ cause, execsToFind, page, title }) => [title, cause, execsToFind, page]),
    [
      ["WARNING in f", "a law", 12, "c/x.html"],
    ],
  );
  assertEquals(data.samples.map(({ execs, features }) => [execs, features]), [[10, 10], [30, 15]]);
  assertEquals(data.shards.map(({ execs, rssMb, shard }) => [shard, execs, rssMb]), [
    [0, 10, 90],
    [1, 20, 90],
  ]);
  assertEquals(data.isOver, false);
});

Deno.test("CampaignRecord shows a shard that died, and keeps what it did", () => {
  const record = recorded();
  record.died(1, { of: "SIGKILL", execs: 20 });
  assertEquals(record.data.shards.map(({ phase }) => phase), ["fuzz", "start"]);
  record.event(pulse(4), 1);
  record.over();
  const { data } = record;
  assertEquals(data.shards.map(({ deaths }) => deaths), [[], [{ of: "SIGKILL", execs: 20 }]]);
  assertEquals([data.execs, data.isOver], [34, true]);
  assertEquals(data.samples.at(-1)!.strategies, { directed: 17, pos: 3 });
});

Deno.test("CampaignRecord keeps few samples of a long campaign, the last one among them", () => {
  const record = new CampaignRecord({ ...JOB, maxExecs: null }, {}, () => 0);
  for (let i = 1; i <= 5000; i++) record.event(pulse(i), 0);
  const { samples } = record.data;
  assertLess(samples.length, 401);
  assert(samples.at(-1)!.execs > 4900);
});

Deno.test("CampaignRecord.lasting depends on no time if the campaign is bounded by executions", () => {
  const { environment: _, ...lasting } = recorded().lasting;
  assertEquals(/execsPerSec":\d|seconds":\d|rssMb":\d/.test(JSON.stringify(lasting)), false);
  const timed = recorded({ ...JOB, maxExecs: null }).lasting;
  assertEquals(timed.samples.map(({ execsPerSec }) => execsPerSec), [50, 100]);
});

Deno.test("keptCampaigns() finds what writeCampaign() wrote, also in crashes", () =>
  withDir((dir) => {
    const { lasting } = recorded();
    const path = campaignPath(`${dir}/crashes`, "7");
    assertEquals(writeCampaign(path, lasting), null);
    assertEquals(keptCampaigns(dir), [{ dir: `${dir}/crashes`, data: lasting }]);
    assertEquals(keptCampaigns(`${dir}/crashes`).length, 1);
    assertEquals(keptCampaigns(`${dir}/nothing`), []);
    Deno.writeTextFileSync(path, '{"version": 1}');
    assertThrows(() => keptCampaigns(dir), UsageError, "its version is 1, not 2");
    Deno.writeTextFileSync(path, "{");
    assertThrows(() => keptCampaigns(dir), UsageError, `Cannot read ${path}: `);
  }));
