/**
 * The main thread of a shard process: starts the CPUs, passes on what CPU 0 says, and watches.
 *
 * CPU 0 is a Worker like the others, so this thread is always free to answer: it prints the status,
 * hears the parent's wish to stop, and knows when nothing moves any more.
 *
 * @module
 */
import process from "node:process";
import type { Job, ShardEvent } from "../protocol/jobs.ts";
import { STOP } from "../protocol/jobs.ts";
import * as C from "../../machine/words/control.ts";
import { DEFAULT_CONFIG, type MachineConfig } from "../../machine/words/config.ts";
import type { Assembly } from "./assemble.ts";
import { saveHang } from "./hang.ts";
import type { Candidate } from "./job_free.ts";

const encoder = new TextEncoder();

function say(e: ShardEvent): void {
  Deno.stdout.writeSync(encoder.encode(JSON.stringify(e) + "\n"));
}

/** Lines of standard input, as they come. */
async function* lines(): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    rest += chunk;
    for (let i = rest.indexOf("\n"); i >= 0; i = rest.indexOf("\n")) {
      yield rest.slice(0, i);
      rest = rest.slice(i + 1);
    }
  }
}

function assemblyOf(job: Job): Assembly {
  const free = job.verb === "fuzz" && job.machine === "free";
  const config: MachineConfig = {
    ...DEFAULT_CONFIG,
    cpus: job.verb === "bench" ? Math.max(...job.benchCpus) : job.cpus,
    free,
    stepLimit: job.stepLimit,
    kcsan: job.kcsan,
    everyStep: job.everyStep && !free,
  };
  return {
    config,
    kernel: job.kernel,
    patches: job.patches,
    target: job.targetUrl,
    without: job.without,
  };
}

/** A machine whose CPUs are all there. */
interface Machine {
  readonly ctl: Int32Array;
  readonly buffer: SharedArrayBuffer;
}

/** Give up with an error of the user's or of ours. */
function fail(message: string, code: number): never {
  say({ event: "error", message, code });
  Deno.exit(code);
}

/** CPU time of this process so far, all threads, in seconds. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** What CPU 0 says besides events. */
interface Word {
  readonly failed?: string;
  readonly code?: number;
  readonly buffer?: SharedArrayBuffer;
  readonly event?: ShardEvent;
  readonly candidate?: Candidate;
  readonly exit?: number;
}

interface Running {
  readonly machine: Machine;
  /** Exit code of the job, when it is done. */
  readonly done: Promise<number>;
  readonly candidates: Candidate[];
}

/** Start all CPUs of a machine and its job. */
async function startCpus(
  job: Job,
  assembly: Assembly,
  candidates: Candidate[] | null,
): Promise<Running> {
  const started = Promise.withResolvers<Machine>();
  const done = Promise.withResolvers<number>();
  const found: Candidate[] = [];
  const cpu0 = new Worker(new URL("./cpu0_worker.ts", import.meta.url), { type: "module" });
  cpu0.onerror = (e) => fail(`CPU 0 failed: ${e.message}`, 79);
  cpu0.onmessage = async (e: MessageEvent<Word>) => {
    const m = e.data;
    if (m.failed) fail(m.failed, m.code ?? 79);
    if (m.buffer) {
      const { buffer } = m;
      await Promise.all(
        Array.from({ length: assembly.config.cpus - 1 }, (_, i) => join(assembly, i + 1, buffer)),
      );
      started.resolve({ buffer, ctl: new Int32Array(buffer, 0, 1024) });
      cpu0.postMessage({ go: true });
    }
    if (m.event) say(m.event);
    if (m.candidate) found.push(m.candidate);
    if (m.exit !== undefined) done.resolve(m.exit);
  };
  cpu0.postMessage({ job, assembly, candidates: candidates ?? undefined });
  return { machine: await started.promise, done: done.promise, candidates: found };
}

function join(assembly: Assembly, cpu: number, buffer: SharedArrayBuffer): Promise<void> {
  const joined = Promise.withResolvers<void>();
  const w = new Worker(new URL("./cpu_worker.ts", import.meta.url), { type: "module" });
  w.onerror = (e) => fail(`CPU ${cpu} failed: ${e.message}`, 79);
  w.onmessage = (e: MessageEvent) => {
    if (e.data.failed) fail(e.data.failed, 79);
    joined.resolve();
  };
  w.postMessage({ assembly, cpu, buffer });
  return joined.promise;
}

/** Say how far the campaign is, every second. */
function reportStatus(watched: { machine: Machine | null }): void {
  let execs = 0;
  let at = performance.now();
  setInterval(() => {
    const m = watched.machine!;
    const now = performance.now();
    const total = m.ctl[C.STAT_EXECS];
    say({
      event: "status",
      execs: total,
      execs_per_sec: Math.round((total - execs) * 1000 / (now - at)),
      points: m.ctl[C.STAT_KPOINTS] * 1024,
      switches: m.ctl[C.STAT_KSWITCHES] * 1024,
      features: m.ctl[C.STAT_FEATURES],
      queue: m.ctl[C.STAT_QUEUE],
      crashes: m.ctl[C.STAT_TITLES],
      phase: m.ctl[C.STAT_PHASE] === 0 ? "fuzz" : "minimize",
      rss_mb: Math.round(Deno.memoryUsage().rss / (1 << 20)),
    });
    execs = total;
    at = now;
  }, 1000);
}

/** Memory above which a shard gives up, in bytes: far above what a campaign needs. */
const RSS_MAX = 4 * 1024 * 1024 * 1024;

/** End the process when no execution ends for too long: a CPU is stuck where no point is. */
function watch(job: Job, watched: { machine: Machine | null }): void {
  let beat = -1;
  let since = performance.now();
  setInterval(async () => {
    const m = watched.machine!;
    if (Deno.memoryUsage().rss > RSS_MAX) fail("The shard uses more than 4 GiB of memory", 71);
    const now = Atomics.load(m.ctl, C.HEARTBEAT);
    if (now !== beat || Atomics.load(m.ctl, C.ENGINE_BUSY) !== 0) {
      beat = now;
      since = performance.now();
      return;
    }
    if (performance.now() - since < job.hangMs) return;
    since = Infinity;
    const file = await saveHang(job, m.buffer);
    say({ event: "hang", file, title: "hang: a CPU makes no progress" });
    Deno.exit(70);
  }, 250);
}

/** Tell all CPUs to stop at the next opportunity. */
function stop(m: Machine): void {
  Atomics.store(m.ctl, C.STOP, 1);
}

/** The machine at work, and whether it was asked to stop. */
interface Stopping {
  machine: Machine | null;
  asked: boolean;
}

/** Do the job, and for a free-running machine what follows from it; returns the exit code. */
async function run(job: Job, stopping: Stopping): Promise<number> {
  const assembly = assemblyOf(job);
  const first = await startCpus(job, assembly, null);
  stopping.machine = first.machine;
  if (stopping.asked) stop(first.machine); // while the CPUs were starting
  say({ event: "ready" });
  if (job.verb === "fuzz") reportStatus(stopping);
  watch(job, stopping);
  if (!assembly.config.free) return await first.done;
  const cpu = cpuSeconds();
  const start = performance.now();
  await first.done;
  const wall = (performance.now() - start) / 1000;
  say({ event: "busy", ratio: (cpuSeconds() - cpu) / wall });
  // What it found is searched for where it can be replayed.
  const lockstep = { ...assembly, config: { ...assembly.config, free: false } };
  const second = await startCpus(job, lockstep, first.candidates);
  stopping.machine = second.machine;
  if (stopping.asked) stop(second.machine);
  return await second.done;
}

async function main(): Promise<void> {
  // The terminal sends these to the whole group; the parent decides.
  for (const s of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(s, () => {});
  const input = lines();
  const first = await input.next();
  if (first.done) fail("Cannot start: no job on standard input", 79);
  const stopping: Stopping = { machine: null, asked: false };
  run(JSON.parse(first.value), stopping).then((code) => Deno.exit(code));
  for await (const line of input) {
    if (line !== STOP) continue;
    stopping.asked = true;
    if (stopping.machine) stop(stopping.machine);
  }
  stopping.asked = true; // the parent is gone
  if (stopping.machine) stop(stopping.machine);
}

if (import.meta.main) await main();
