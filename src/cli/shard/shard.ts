/**
 * The main thread of a shard process: starts the CPUs, passes on the events of CPU 0, and watches.
 *
 * CPU 0 is a Worker like the others, so this thread can always react: it reports the status,
 * receives the request of the parent to stop, and detects when no CPU makes progress.
 *
 * @module
 */
import type { Assembly } from "../cpu/assemble.ts";
import { type MachineListener, startMachine } from "./start_machine.ts";
import { sample } from "./profile.ts";
import { reportStatus, watch } from "./watch.ts";
import { Board } from "../protocol/board.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import { type CompareJob, type Job, type ShardEvent, STOP_LINE } from "../protocol/jobs.ts";
import { DEFAULT_CONFIG, FUNCTIONS_MAX, type MachineConfig } from "../../machine/executor.ts";

/** The lowest priority: such a process hardly runs where another wants to. */
const LOWEST = 19;

const encoder = new TextEncoder();

function say(e: ShardEvent): void {
  Deno.stdout.writeSync(encoder.encode(JSON.stringify(e) + "\n"));
}

/** End the shard with an error of the user or of the tool. */
function fail(message: string, code: ExitCode): never {
  say({ event: "error", message, code });
  Deno.exit(code);
}

/** The lines of standard input. */
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
    watched: job.verb === "fuzz" ? job.review?.watched : undefined,
    alternatives: job.verb === "compare" ? alternativesOf(job) : undefined,
  };
}

function alternativesOf({ tree }: CompareJob): Assembly["alternatives"] {
  return { url: tree, words: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * FUNCTIONS_MAX) };
}

/** CPU time of all threads of this process so far, in seconds. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * Do the job; for a free-running machine, search in lockstep for its findings. Returns the exit
 * code.
 */
async function doJob(job: Job, board: Board): Promise<ExitCode> {
  // Before there are other threads: each has the priority of the one that starts it.
  if (job.verb === "cover" && job.live) process.getBuiltinModule("node:os").setPriority(LOWEST);
  const listener: MachineListener = { event: say, failed: fail };
  const assembly = assemblyOf(job);
  const first = await startMachine({ job, assembly, board, candidates: null }, listener);
  let machine = first;
  say({ event: "ready" });
  if (job.verb === "fuzz") reportStatus(job, board, say);
  watch(job, () => machine, { say, fail });
  const profile = job.verb === "fuzz" && job.profile ? sample(board, () => machine.monitor) : null;
  if (!assembly.config.free) {
    const code = await first.done;
    if (profile !== null) say(profile());
    return code;
  }
  const cpu = cpuSeconds();
  const start = performance.now();
  await first.done;
  const wall = (performance.now() - start) / 1000;
  say({ event: "busy", ratio: (cpuSeconds() - cpu) / wall });
  // Search for its findings on a machine that can replay them.
  const lockstep = { ...assembly, config: { ...assembly.config, free: false } };
  const { candidates } = first;
  machine = await startMachine({ job, assembly: lockstep, board, candidates }, listener);
  return await machine.done;
}

async function main(): Promise<void> {
  // The terminal sends signals to the whole process group; the parent decides what to do.
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
