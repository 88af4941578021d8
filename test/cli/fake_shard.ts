/**
 * A shard that plays a part: the one named in the query of its URL. It takes its job and prints
 * canned events.
 */
const part = new URL(import.meta.url).searchParams.get("part");

function say(event: object): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(event) + "\n"));
}

const COUNTS = {
  execs: 8,
  execs_per_sec: 100,
  points: 64,
  switches: 3,
  features: 17,
  queue: 2,
  crashes: 0,
  phase: "fuzz",
  rss_mb: 90,
};
const DONE = {
  event: "done",
  execs: 16,
  execs_per_sec: 100,
  points: 128,
  switches: 6,
  features: 20,
  titles: [],
};
const CRASH = {
  event: "crash",
  title: "WARNING in f",
  file: "c/x.txt",
  report: "c/x.report",
  page: "c/x.html",
  places: [],
  brief: ["  cpu0  f()", "  CPU0  f  load x#0.y = 1"],
  execs_to_find: 5,
  ops: 2,
  switches: 1,
  cpus: 2,
  command: "deno task replay --kernel posted c/x.txt",
  known: null,
  cause: "WARNING in f",
};

async function* lines(): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const all = (rest + chunk).split("\n");
    rest = all.pop()!;
    yield* all;
  }
}

const input = lines();
const job = JSON.parse((await input.next()).value);

/** Be busy until told to stop, or for ever. */
async function linger(listens: boolean): Promise<void> {
  for (const s of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(s, () => {});
  const timer = setInterval(() => say({ event: "status", ...COUNTS }), 100);
  say({ event: "pulse", ...COUNTS });
  for await (const line of input) if (line === "stop" && listens) break;
  if (listens) clearInterval(timer);
}

function replayed(file: string, more: object): object {
  return {
    event: "replay",
    file,
    kernel: job.kernel,
    title: null,
    expected: null,
    ok: true,
    trace_hash: "00",
    runs: job.repeat,
    hashes: 1,
    unreached: [],
    returns: [],
    unjudged: false,
    ...more,
  };
}

const REPLAYS: Record<string, object> = {
  met: { title: "WARNING in f", expected: "WARNING in f", text: "THE REPORT\n" },
  unmet: {
    title: "WARNING in f",
    expected: "none",
    ok: false,
    text: "THE REPORT\n",
    unreached: ["cpu0 until g"],
  },
  diverged: { hashes: 2 },
  unjudged: { ok: false, unjudged: true },
  returns: { ok: false, returns: ["x.txt:7: rmdir: expected -EBUSY, got 0"] },
};

const BENCH = {
  event: "bench",
  name: "objcg",
  cpus: 2,
  execs_per_sec: 31_000,
  points_per_sec: 2e6,
  ns_per_point: 15,
  us_per_switch: 1.5,
  ratio: 0.5,
};
const COST = { event: "cost", cpus: 2, execs_per_sec: 31_000, campaign_execs_per_sec: 20_000 };

const PARTS: Record<string, () => Promise<number> | number> = {
  clean: () => (say({ event: "pulse", ...COUNTS }), say(DONE), 0),
  job: () => (say({ event: "error", message: JSON.stringify(job), code: 1 }), 1),
  symptoms: () => {
    for (const [i, title] of ["WARNING in g", "BUG in h", "WARNING in g"].entries()) {
      say({ ...CRASH, title, file: `c/${i}.txt`, switches: 3 - i, cause: "law" });
    }
    say({ ...CRASH, title: "S2", file: "c/s.txt", known: "s02", cause: "law" });
    return (say({ ...CRASH, file: "c/3.txt" }), say(DONE), 77);
  },
  crash: () => (say(CRASH), say(CRASH), say({ ...DONE, titles: [CRASH.title] }), 77),
  stray: () => (console.log("a patch prints"), say(DONE), 0),
  error: () => (say({ event: "error", message: "the patch is wrong", code: 1 }), 1),
  hang: () => (say({ event: "hang", file: "c/hang.txt", title: "hang: no progress" }), 70),
  // The first of its line dies after some executions; the next does the rest.
  "die-once": () =>
    job.generation === 0
      ? (say(CRASH), say({ event: "status", ...COUNTS }), 3)
      : (say({ ...DONE, execs: job.maxExecs, titles: [String([job.generation, ...job.saved])] }),
        0),
  // Every one dies in the same execution, which takes long.
  "die-in-it": () => (
    say({ event: "status", ...COUNTS, execs: 2 }), say({ event: "slow", text: "THE INPUT\n" }), 3
  ),
  unwritten: () => (
    say({ event: "unwritten", path: "q/1.txt", reason: "no space left on device", text: null }),
      say({ event: "unwritten", path: "c/x.txt", reason: "no space left on device", text: "IT\n" }),
      say(CRASH),
      say(DONE),
      77
  ),
  die: () => (say({ event: "ready" }), 3),
  forever: async () => (await linger(true), say(DONE), 0),
  deaf: async () => (await linger(false), await new Promise(() => {}), 0),
  silent: async () => (await new Promise((r) => setTimeout(r, 600_000)), 0),
  bench:
    () => (say(job.cost === undefined ? BENCH : { ...COST, sanitizers: job.cost }), say(DONE), 0),
  minimize: () => (
    say({ event: "minimized", file: job.out, title: "WARNING in f", ops: 2, switches: 1, cpus: 2 }),
      say(DONE),
      0
  ),
  nothing: () => (say(DONE), 0),
};

for (const [name, more] of Object.entries(REPLAYS)) {
  PARTS[name] = () => {
    for (const { path } of job.files) say(replayed(path, more));
    say(DONE);
    return 0;
  };
}

Deno.exit(await PARTS[part!]());
