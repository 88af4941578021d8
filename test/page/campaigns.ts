/** A campaign, written by hand. */
import type { CampaignData, Cause } from "../../src/page/campaign.ts";

const CAUSE: Cause = {
  title: "refcount: 0 -> 1 in obj_cgroup_charge",
  known: "s02-css-get-dead-memcg",
  file: "corpus/crashes/a b.txt",
  page: "corpus/crashes/a b.html",
  execsToFind: 299,
  cpus: 2,
  ops: 2,
  switches: 1,
  command: "deno task replay 'corpus/crashes/a b.txt'",
};

export const CAMPAIGN: CampaignData = {
  target: "objcg",
  kernel: "posted",
  seed: "7",
  cpus: 3,
  preempt: "full",
  strategy: "directed",
  machine: "scout",
  flags: { seed: 7, "count-known": true },
  environment: { Deno: "2.9.6", Cores: "2" },
  samples: [1, 2, 4, 8].map((n) => ({
    seconds: n,
    execs: 1000 * n,
    execsPerSec: 1000 + n,
    features: 100 + 10 * n,
    queue: n,
  })),
  causes: [
    CAUSE,
    { ...CAUSE, title: "<b>WARNING</b> in f", known: null, file: "c.txt", page: "c.html" },
  ],
  hangs: [{ title: "hung task in g", file: null }],
  shards: [
    {
      shard: 0,
      phase: "fuzz",
      execs: 8000,
      execsPerSec: 1008,
      features: 180,
      queue: 8,
      rssMb: 190,
      deaths: 1,
    },
  ],
  execs: 8000,
  execsPerSec: 1008,
  features: 180,
  points: 90_000,
  switches: 12_000,
  isOver: true,
};
