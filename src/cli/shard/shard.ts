/**
 * The main thread of a shard process: starts the CPUs, passes on what CPU 0 says, and watches.
 *
 * CPU 0 is a Worker like the others, so this thread is always free to answer: it prints the status,
 * hears the parent's wish to stop, and knows when nothing moves any more.
 *
 * @module
 */
import process from "node:process";
import type { Assembly } from "../cpu/assemble.ts";
import { type MachineListener, startMachine } from "./machine.ts";
import { reportStatus, watch } from "./watch.ts";
import { Board } from "../protocol/board.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import { type Job, type ShardEvent, STOP_LINE } from "../protocol/jobs.ts";
import { DEFAULT_CONFIG, type MachineConfig } from "../../machine/executor.ts";

const encoder = new TextEncoder();

function say(e: ShardEvent): void {
  Deno.stdout.writeSync(encoder.encode(JSON.stringify(e) + "\n"));
}

/** Give up with an error of the user's or of ours. */
function fail(message: string, code: ExitCode): never {
  say({ event: "error", message, code });
  Deno.exit(code);
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

/** CPU time of this process so far, all threads, in seconds. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Do the job, and for a free-running machine what follows from it; returns the exit code. */
async function doJob(job: Job, board: Board): Promise<ExitCode> {
  const listener: MachineListener = { event: say, failed: fail };
  const assembly = assemblyOf(job);
  const first = await startMachine({ job, assembly, board, candidates: null }, listener);
  let { monitor } = first;
  say({ event: "ready" });
  if (job.verb === "fuzz") reportStatus(board, say);
  watch(job, () => monitor, { say, fail });
  if (!assembly.config.free) return await first.done;
  const cpu = cpuSeconds();
  const start = performance.now();
  await first.done;
  const wall = (performance.now() - start) / 1000;
  say({ event: "busy", ratio: (cpuSeconds() - cpu) / wall });
  // What it found is searched for where it can be replayed.
  const lockstep = { ...assembly, config: { ...assembly.config, free: false } };
  const { candidates } = first;
  const second = await startMachine({ job, assembly: lockstep, board, candidates }, listener);
  monitor = second.monitor;
  return await second.done;
}

async function main(): Promise<void> {
  // The terminal sends these to the whole group; the parent decides.
  for (const s of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(s, () => {});
  const input = lines();
  const first = await input.next();
  if (first.done) fail("Cannot start: no job on standard input", EXIT.internal);
  const board = new Board();
  doJob(JSON.parse(first.value), board).then((code) => Deno.exit(code));
  for await (const line of input) if (line === STOP_LINE) board.askToStop();
  board.askToStop(); // the parent is gone
}

if (import.meta.main) await main();
