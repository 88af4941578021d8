import { assert, assertEquals, assertGreater } from "@std/assert";
import {
  assertCode,
  cli,
  type Event,
  events,
  eventsOf,
  PATIENT,
  start,
  withDir,
} from "./harness.ts";

/** What depends on the machine and not on the seed. */
const RATES = ["execs_per_sec", "rss_mb"];

/** The events of a campaign without rates, its directory written as DIR. */
async function campaign(dir: string): Promise<Event[]> {
  const flags = ["--seed", "7", "--for", "20000x", "--shards", "1", "--json"];
  const ran = await cli("fuzz", ...flags, ...PATIENT, "--corpus", dir);
  const told = events({ out: ran.out.replaceAll(dir, "DIR") });
  return told.map((e) =>
    Object.fromEntries(Object.entries(e).filter(([key]) => !RATES.includes(key))) as Event
  );
}

Deno.test("a campaign bounded by executions is a function of its seed", () =>
  withDir(async (dir) => {
    const first = await campaign(`${dir}/a`);
    assert(first.some(({ event }) => event === "crash"));
    assertEquals(first.at(-1)!.event, "done");
    Deno.removeSync(`${dir}/a`, { recursive: true });
    assertEquals(await campaign(`${dir}/a`), first, "the same directory, empty again");
    assertEquals(await campaign(`${dir}/another`), first, "another directory");
  }));

const FILES = [
  "corpus/objcg/regressions/refcount-0-1-in-obj-cgroup-charge.txt",
  "corpus/objcg/regressions/kasan-null-ptr-deref-in-obj-stock-flush-required.txt",
  "corpus/objcg/regressions/memory-leak-obj-cgroup-held-by-memcg-stock-pcp-cached-objcg.txt",
];

/** File, kernel and trace of each replay. */
async function traces(repeat: number): Promise<[string, string, string][]> {
  const ran = await cli("replay", "--repeat", String(repeat), "--json", ...PATIENT, ...FILES);
  assertCode(ran, 0);
  return eventsOf(ran, "replay").map(({ file, kernel, trace_hash, hashes, runs }) => {
    assertEquals([hashes, runs], [1, repeat], file);
    return [file, kernel, trace_hash];
  });
}

Deno.test("a crash has one trace, a thousand times, in any process, on a busy machine", () =>
  withDir(async (dir) => {
    const first = await traces(1000);
    assertGreater(first.length, FILES.length, "each file is replayed on more than one kernel");
    assertEquals(await traces(1), first, "in another process");
    // Something else that wants both cores: two campaigns that end with the test.
    const flags = ["--seed", "1", "--for", "10m", "--shards", "2", "--quiet", "--corpus", dir];
    const load = start("fuzz", ...flags, ...PATIENT);
    const ended = load.output();
    try {
      assertEquals(await traces(1000), first, "under load");
    } finally {
      load.kill("SIGINT");
      assertEquals((await ended).code, 72, "the load has lasted to the end");
    }
  }));
