/**
 * Starts the CPUs of a machine, one Worker each, and the job of CPU 0.
 *
 * @module
 */
import type { Assembly } from "../cpu/assemble.ts";
import type { Made, Order, Word } from "../cpu0/worker.ts";
import type { Candidate } from "../cpu0/job_free.ts";
import type { Board } from "../protocol/board.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { Job, ShardEvent } from "../protocol/jobs.ts";
import type { Monitor } from "../../machine/executor.ts";
import { monitorOf } from "../../machine/monitor.ts";
import type { TargetSpec } from "../../prog/types.ts";

/** Functions for the messages of CPU 0. */
export interface MachineListener {
  event(event: ShardEvent): void;
  /** A CPU cannot join. */
  failed(message: string, code: ExitCode): void;
}

/** What to start. */
export interface MachineOrder {
  readonly job: Job;
  readonly assembly: Assembly;
  readonly board: Board;
  readonly candidates: readonly Candidate[] | null;
}

/** A running machine. */
export interface RunningMachine {
  readonly monitor: Monitor;
  /** What its kernel has of the target: packed programs mean these operations. */
  readonly spec: TargetSpec;
  /** The exit code, when the job is done. */
  readonly done: Promise<ExitCode>;
  /** Findings so far, if the machine runs free. */
  readonly candidates: readonly Candidate[];
}

/** Start all CPUs of a machine and its job. */
export async function startMachine(
  order: MachineOrder,
  to: MachineListener,
): Promise<RunningMachine> {
  const { assembly, board, ...rest } = order;
  const started = Promise.withResolvers<Made>();
  const done = Promise.withResolvers<ExitCode>();
  const candidates: Candidate[] = [];
  const cpu0 = new Worker(new URL("../cpu0/worker.ts", import.meta.url), { type: "module" });
  cpu0.onerror = (e) => to.failed(`CPU 0 failed: ${e.message}`, EXIT.internal);
  cpu0.onmessage = async ({ data }: MessageEvent<Word>) => {
    const { candidate, event, exit, failed, machine } = data;
    if (failed) to.failed(failed.message, failed.code);
    if (machine) {
      const others = Array.from({ length: assembly.config.cpus - 1 }, (_, i) => i + 1);
      await Promise.all(others.map((cpu) => join(assembly, cpu, machine.buffer, to)));
      started.resolve(machine);
      cpu0.postMessage({});
    }
    if (event) to.event(event);
    if (candidate) candidates.push(candidate);
    if (exit !== undefined) done.resolve(exit);
  };
  cpu0.postMessage({ ...rest, assembly, board: board.shared } satisfies Order);
  const { buffer, spec } = await started.promise;
  return { monitor: monitorOf(buffer), spec, done: done.promise, candidates };
}

function join(
  assembly: Assembly,
  cpu: number,
  buffer: SharedArrayBuffer,
  to: MachineListener,
): Promise<void> {
  const joined = Promise.withResolvers<void>();
  const worker = new Worker(new URL("../cpu/worker.ts", import.meta.url), { type: "module" });
  worker.onerror = (e) => to.failed(`CPU ${cpu} failed: ${e.message}`, EXIT.internal);
  worker.onmessage = ({ data }: MessageEvent) => {
    if (data.failed) to.failed(data.failed, EXIT.internal);
    joined.resolve();
  };
  worker.postMessage({ assembly, cpu, buffer });
  return joined.promise;
}
