/**
 * The work of the main thread while the CPUs run: it reports the progress, and ends the process if
 * no CPU makes progress.
 *
 * @module
 */
import process from "node:process";
import { saveHang, textOf } from "./hang.ts";
import { execsOf } from "../cpu0/counts.ts";
import type { Board } from "../protocol/board.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { FuzzJob, Job, ShardEvent } from "../protocol/jobs.ts";
import { strategyNamed } from "../../engine/strategies/all.ts";
import type { Monitor } from "../../machine/executor.ts";

const STATUS_MS = 1000;
const WATCH_MS = 250;
/** Maximum of memory of a shard in bytes, far above the need of a campaign. */
const RSS_MAX = 4 * 1024 * 1024 * 1024;

function cpuMs({ system, user }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

/** Report the progress of the campaign every second. */
export function reportStatus(
  { strategy }: FuzzJob,
  board: Board,
  say: (e: ShardEvent) => void,
): void {
  const names = strategyNamed(strategy)?.parts?.names;
  let execs = 0;
  let at = performance.now();
  let cpu = process.cpuUsage();
  setInterval(() => {
    const { titles, ...progress } = board.progress;
    const now = performance.now();
    say({
      event: "status",
      ...progress,
      execs_per_sec: Math.round((progress.execs - execs) * 1000 / (now - at)),
      crashes: titles,
      phase: board.isMinimizing ? "minimize" : "fuzz",
      cpu_share: cpuMs(process.cpuUsage(cpu)) / (now - at),
      rss_mb: Math.round(Deno.memoryUsage().rss / (1 << 20)),
      strategies: names === undefined ? undefined : execsOf(names, board.parts),
    });
    execs = progress.execs;
    cpu = process.cpuUsage();
    at = now;
  }, STATUS_MS);
}

/** Functions that end the process. */
export interface Ends {
  say(event: ShardEvent): void;
  fail(message: string, code: ExitCode): never;
}

/** End the process if no execution ends for too long: a CPU is stuck in a loop without points. */
export function watch(job: Job, monitor: () => Monitor, { fail, say }: Ends): void {
  let beat = -1;
  let since = performance.now();
  let isTold = false;
  setInterval(async () => {
    if (Deno.memoryUsage().rss > RSS_MAX) {
      fail("The shard uses more than 4 GiB of memory", EXIT.memory);
    }
    const now = monitor().heartbeat();
    if (now !== beat) {
      beat = now;
      since = performance.now();
      isTold = false;
      return;
    }
    if (!isTold && job.verb === "fuzz") {
      isTold = true;
      say({ event: "slow", text: await textOf(job, monitor().input(), "a shard dies of this") });
    }
    if (performance.now() - since < job.hangMs) return;
    since = Infinity;
    const file = await saveHang(job, monitor().input());
    say({ event: "hang", file, title: "hang: a CPU makes no progress" });
    Deno.exit(EXIT.hang);
  }, WATCH_MS);
}
