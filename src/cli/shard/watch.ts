/**
 * The work of the main thread while the CPUs run: it reports the progress, and ends the process if
 * no CPU makes progress. What only that needs is loaded then, because the CPUs wait for this thread to start them.
 *
 * @module
 */
import { execsOf } from "../cpu0/counts.ts";
import type { Board } from "../protocol/board.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { FuzzJob, Job, ShardEvent } from "../protocol/jobs.ts";
import type { Monitor } from "../../machine/executor.ts";
import type { TargetSpec } from "../../prog/types.ts";

const STATUS_MS = 1000;
const WATCH_MS = 250;
/** Maximum of memory of a shard in bytes, far above the need of a campaign. */
const RSS_MAX = 4 * 1024 * 1024 * 1024;

function cpuMs({ system, user }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

/** The names of the parts of a strategy, if it has parts. */
async function partsOf(name: string): Promise<readonly string[] | undefined> {
  const { strategyNamed } = await import("../../engine/strategies/all.ts");
  return strategyNamed(name)?.parts?.names;
}

/** Report the progress of the campaign every second. What it needs is loaded after the first second. */
export function reportStatus(
  { strategy }: FuzzJob,
  board: Board,
  say: (e: ShardEvent) => void,
): void {
  let execs = 0;
  let at = performance.now();
  // Both begin with the process. What tells CPU time takes long to load, so not now.
  let [cpu, cpuAt] = [0, 0];
  setInterval(async () => {
    const names = await partsOf(strategy);
    const { titles, ...progress } = board.progress;
    const now = performance.now();
    const used = cpuMs(process.cpuUsage());
    say({
      event: "status",
      ...progress,
      execs_per_sec: Math.round((progress.execs - execs) * 1000 / (now - at)),
      crashes: titles,
      phase: board.isMinimizing ? "minimize" : "fuzz",
      cpu_share: (used - cpu) / (now - cpuAt),
      rss_mb: Math.round(Deno.memoryUsage().rss / (1 << 20)),
      strategies: names === undefined ? undefined : execsOf(names, board.parts),
    });
    execs = progress.execs;
    [cpu, cpuAt] = [used, now];
    at = now;
  }, STATUS_MS);
}

/** Functions that end the process. */
export interface Ends {
  say(event: ShardEvent): void;
  fail(message: string, code: ExitCode): never;
}

/** The machine that runs, and what its packed programs mean. */
export interface Watched {
  readonly monitor: Monitor;
  readonly spec: TargetSpec;
}

/** End the process if no execution ends for too long: a CPU is stuck in a loop without points. */
export function watch(job: Job, machine: () => Watched, { fail, say }: Ends): void {
  let beat = -1;
  let since = performance.now();
  let isTold = false;
  setInterval(async () => {
    if (Deno.memoryUsage().rss > RSS_MAX) {
      fail("The shard uses more than 4 GiB of memory", EXIT.memory);
    }
    const { monitor, spec } = machine();
    const now = monitor.heartbeat();
    if (now !== beat) {
      beat = now;
      since = performance.now();
      isTold = false;
      return;
    }
    if (!isTold && job.verb === "fuzz") {
      isTold = true;
      const { textOf } = await import("./hang.ts");
      say({ event: "slow", text: textOf(job, spec, monitor.input(), "a shard dies of this") });
    }
    if (performance.now() - since < job.hangMs) return;
    since = Infinity;
    const { saveHang } = await import("./hang.ts");
    const file = saveHang(job, spec, monitor.input());
    say({ event: "hang", file, title: "hang: a CPU makes no progress" });
    Deno.exit(EXIT.hang);
  }, WATCH_MS);
}
